import { type ConvProblem, graphOfLayers, type NetworkGraph } from "@leanconv/conv";
import { convError } from "@leanconv/core";
import { checkNames } from "../check-options.ts";
import type { NamedProblem } from "../plan-layers.ts";

/** A graph, or layers that run one after the other without reading each other (`graphOfLayers`). */
export type NetworkInput = NetworkGraph | readonly NamedProblem[] | Readonly<Record<string, ConvProblem>>;

/** @throws `argument.name`, `argument.format` */
export function toGraph(input: NetworkInput, where: string): NetworkGraph {
  if (Array.isArray(input)) return ofLayers(input as readonly NamedProblem[], where);
  if (typeof input !== "object" || input === null || Array.isArray((input as NetworkGraph).nodes)) {
    return input as NetworkGraph;
  }
  const problems = Object.entries(input as Readonly<Record<string, ConvProblem>>);
  return ofLayers(
    problems.map(([name, problem]) => ({ name, problem })),
    where,
  );
}

function ofLayers(layers: readonly NamedProblem[], where: string): NetworkGraph {
  checkNames(layers, {}, where);
  const empty = layers.find(({ problem }) => typeof problem !== "object" || problem === null);
  if (empty === undefined) return graphOfLayers(layers);
  throw convError("argument.format", {
    where: `${where}: layer ${empty.name}`,
    what: "no problem",
    got: empty.problem,
    fix: "make one with describeConv2d or parseProblem",
  });
}
