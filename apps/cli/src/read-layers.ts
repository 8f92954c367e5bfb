import { existsSync, readFileSync } from "node:fs";
import { convError, errorWithin, type NamedLayers, network, networkNames, parseLayerTable } from "leanconv";

/**
 * The layers behind the first argument of `plan` and `run`: a shipped network by its name, or a file with a layer table.
 * @throws `argument.name` for what is neither, `argument.format` and more for what is wrong in a file
 */
export function readLayers(source: string): readonly NamedLayers[] {
  if (networkNames.includes(source)) return [{ network: source, layers: network(source) }];
  if (!existsSync(source)) {
    throw convError("argument.name", {
      where: "network",
      what: "there is no such network, nor a file of layers",
      got: source,
      wanted: `${networkNames.join(", ")}, or a JSON file`,
    });
  }
  const text = readText(source);
  if (looksLikeGraph(text)) {
    const fix = "add --total to plan it, and run that plan with `leanconv run --plan`";
    throw convError("argument.format", { where: source, what: "a graph is planned as a whole", fix });
  }
  try {
    return parseLayerTable(text);
  } catch (cause) {
    throw errorWithin(source, cause);
  }
}

/** Whether a file has nodes of a graph rather than layers. */
export function looksLikeGraph(text: string): boolean {
  try {
    const { nodes } = JSON.parse(text);
    return Array.isArray(nodes) && nodes.every((node) => typeof node?.kind === "string");
  } catch {
    // Whoever reads it as layers says what is wrong.
    return false;
  }
}

/** The text of a file. @throws `argument.name` where it cannot be read */
export function readText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    throw convError("argument.name", { where: path, what: `cannot be read: ${(cause as Error).message}`, cause });
  }
}
