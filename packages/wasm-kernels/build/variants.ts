import type { KernelVariant } from "./tile-template.ts";

const tile = { mr: 6, vectors: 2, unroll: 1 };

/** The shipped files: with and without relaxed SIMD, each for shared and for unshared memory. */
export const variants: readonly KernelVariant[] = [false, true].flatMap((shared) => {
  const suffix = shared ? "-shared" : "";
  return [
    { name: `simd${suffix}`, fma: false, ...tile, mr: 4, shared },
    { name: `relaxed${suffix}`, fma: true, ...tile, shared },
  ];
});
