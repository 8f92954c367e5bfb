import { type Conv2dOptions, type ConvProblem, describeConv2d, parseProblem } from "@leanconv/conv";
import { convError, errorWithin } from "@leanconv/core";
import type { Layer } from "./layer.ts";

/** The layers that stood under one name. */
export interface NamedLayers {
  readonly network: string;
  readonly layers: readonly Layer[];
}

/**
 * Reads a table of layers, as JSON text or as the value it parses to: a list of layers, or an object with one list per
 * network. A layer is `{ name, problem }` with a problem string, or `{ name, ... }` with the options of `describeConv2d`.
 * A bare list comes back under the name `layers`. Allocates the lists and their problems.
 * @throws `argument.format` with the position of what is not of this form; for a layer that cannot exist the code of
 * `parseProblem` or `describeConv2d`, with the position in front.
 */
export function parseLayerTable(json: unknown): readonly NamedLayers[] {
  const value = typeof json === "string" ? parseJson(json) : json;
  if (Array.isArray(value)) return [{ network: "layers", layers: parseLayers(value, "layers") }];
  if (typeof value !== "object" || value === null || Object.keys(value).length === 0) {
    throw malformed("layer table", "neither a list of layers nor an object of such lists", value);
  }
  return Object.entries(value).map(([network, list]) => ({ network, layers: parseLayers(list, network) }));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw convError("argument.format", { where: "layer table", what: `not JSON: ${(cause as Error).message}`, cause });
  }
}

function parseLayers(list: unknown, network: string): readonly Layer[] {
  const where = `layer table, ${network}`;
  if (!Array.isArray(list)) throw malformed(where, "not a list of layers", list);
  if (list.length === 0) throw malformed(where, "a list without layers", list);
  return list.map((row, index) => parseLayer(row, `${where}[${index}]`));
}

function parseLayer(row: unknown, position: string): Layer {
  if (typeof row !== "object" || row === null || Array.isArray(row)) {
    throw malformed(position, "not a layer", row, "{ name, problem } or { name, ...options }");
  }
  const { name, ...rest } = row as Record<string, unknown>;
  if (typeof name !== "string" || name === "") throw malformed(position, "a layer without a name", name, "a string");
  return { name, problem: parseRow(rest, `${position} (${name})`) };
}

function parseRow(row: Readonly<Record<string, unknown>>, position: string): ConvProblem {
  const { problem, ...others } = row;
  const extra = Object.keys(others);
  if (problem !== undefined && extra.length > 0) {
    throw malformed(position, "a problem string beside other options", extra, "one or the other");
  }
  try {
    // Both check everything themselves.
    return problem === undefined ? describeConv2d(others as unknown as Conv2dOptions) : parseProblem(problem as string);
  } catch (cause) {
    throw errorWithin(position, cause);
  }
}

function malformed(where: string, what: string, got: unknown, wanted?: string): Error {
  return convError("argument.format", { where, what, got: got ?? "none", wanted });
}
