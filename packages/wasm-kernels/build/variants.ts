import { type KernelFile, type KernelFileName, kernelFiles } from "../src/files.ts";
import type { KernelVariant } from "./tile-template.ts";

/** Files that are generated from the same source; they differ in the kind of memory only. */
export interface Generated {
  readonly source: KernelVariant;
  readonly files: readonly (readonly [name: KernelFileName, file: KernelFile])[];
}

const all = Object.entries(kernelFiles) as (readonly [KernelFileName, KernelFile])[];
const sourceName = (name: KernelFileName): string => name.replace(/-shared$/, "");

export const variants: readonly Generated[] = [...new Set(all.map(([name]) => sourceName(name)))].map((name) => {
  const files = all.filter(([file]) => sourceName(file) === name);
  const { variant, mr, nr } = files[0][1];
  // Always assembled for unshared memory; the build changes the type of the import.
  return { source: { name, fma: variant !== "simd", mr, vectors: nr / 4, unroll: 1, shared: false }, files };
});
