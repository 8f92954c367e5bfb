import { existsSync } from "node:fs";
import { graphOfLayers, type NetworkGraph, networkGraph, networkGraphNames, parseGraph } from "leanconv";
import { readLayers, readText } from "./read-layers.ts";

export interface NamedGraph {
  readonly network: string;
  readonly graph: NetworkGraph;
}

/**
 * The graphs behind the first argument: a shipped network with everything between its convolutions, a file with a graph
 * `{ nodes, outputs? }`, or a table of layers, which then run one after the other without reading each other.
 * @throws the codes of `readLayers` and `parseGraph`
 */
export function readNetworks(source: string): readonly NamedGraph[] {
  if (networkGraphNames.includes(source)) return [{ network: source, graph: networkGraph(source) }];
  if (existsSync(source)) {
    const text = readText(source);
    if (/^\s*\{[\s\S]*"nodes"\s*:/.test(text)) return [{ network: "graph", graph: parseGraph(text, source) }];
  }
  return readLayers(source).map(({ network, layers }) => ({ network, graph: graphOfLayers(layers) }));
}
