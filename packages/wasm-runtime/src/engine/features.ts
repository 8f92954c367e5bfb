// Each module is the smallest one that is valid only where its instruction is: a function of v128 that splats a zero.

/** `i8x16.splat`. */
const simdModule = [
  ...[0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0],
  ...[10, 8, 1, 6, 0, 65, 0, 253, 15, 11],
];
/** `f32x4.relaxed_madd` of three of them. */
const relaxedModule = [
  ...[0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0],
  ...[10, 19, 1, 17, 0, 65, 0, 253, 15, 65, 0, 253, 15, 65, 0, 253, 15, 253, 133, 2, 11],
];

export interface WasmFeatures {
  readonly simd: boolean;
  readonly relaxedSimd: boolean;
}

/** Which instructions the engine takes. Compiles nothing, so it also works where bytes may not be compiled. */
export function wasmFeatures(): WasmFeatures {
  if (typeof WebAssembly === "undefined") return { simd: false, relaxedSimd: false };
  return {
    simd: WebAssembly.validate(Uint8Array.from(simdModule)),
    relaxedSimd: WebAssembly.validate(Uint8Array.from(relaxedModule)),
  };
}
