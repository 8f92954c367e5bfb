export type { Layer, LayerOverrides } from "./layer.ts";
export { network, networkNames } from "./network.ts";
export { networkGraph, networkGraphNames } from "./network-graph.ts";
export { parseGraph } from "./parse-graph.ts";
export { type NamedLayers, parseLayerTable } from "./parse-layer-table.ts";
