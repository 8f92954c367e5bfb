import { existsSync } from "node:fs";
import { parse } from "node:path";
import { graphOfLayers, type NetworkGraph, networkGraph, networkGraphNames, parseGraph } from "leanconv";
import { looksLikeGraph, readLayers, readText } from "./read-layers.ts";

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
    if (looksLikeGraph(text)) return [{ network: parse(source).name, graph: parseGraph(text, source) }];
  }
  return readLayers(source).map(({ network, layers }) => ({ network, graph: graphOfLayers(layers) }));
}
