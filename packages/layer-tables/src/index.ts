export type { Layer, LayerOverrides } from "./layer.ts";
export { network, networkNames } from "./network.ts";
export { type NamedLayers, parseLayerTable } from "./parse-layer-table.ts";
