// A file of its own: these kernels are the same whatever the tile and the products of the others.
export { transform } from "./transform";
export { transformFilters } from "./winograd";
