// The one function of ndarray-ops that is used here; the library ships no types.
declare module "ndarray-ops" {
  import type { NdArray } from "ndarray";
  export function assign<D extends Float32Array>(target: NdArray<D>, source: NdArray<D>): NdArray<D>;
}
