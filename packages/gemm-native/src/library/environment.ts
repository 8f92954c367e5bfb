import type { LibraryKind } from "./kinds.ts";
import type { Processor } from "./processor.ts";

/** BLIS's number for its AVX-512 kernels. */
export const blisSkx = "0";

/**
 * Variables that a library reads while it is loaded. Releases older than a processor take it for an old one (OpenBLAS
 * 0.3.21 runs SSE3 or AVX2 kernels on AVX-512 machines), so the core with the right instructions is named; for sgemm its
 * kernels are those of all newer cores as well. OpenBLAS passes over a core that it was built without; BLIS ends the
 * process, so `blisTakesSkx` has to say that it would not. Threads are LeanConv's own, one call each.
 */
export function libraryEnvironment(
  kind: LibraryKind,
  processor: Processor | undefined,
  blisTakesSkx: boolean,
): Readonly<Record<string, string>> {
  switch (kind) {
    case "openblas":
      return { OPENBLAS_NUM_THREADS: "1", ...openblasCore(processor) };
    case "blis":
      return { BLIS_NUM_THREADS: "1", ...(blisTakesSkx && { BLIS_ARCH_TYPE: blisSkx }) };
    case "onednn":
    case "mkl":
      return { OMP_NUM_THREADS: "1", MKL_NUM_THREADS: "1" };
    case "accelerate":
      return { VECLIB_MAXIMUM_THREADS: "1" };
    default:
      return { OMP_NUM_THREADS: "1" };
  }
}

function openblasCore(processor: Processor | undefined): Readonly<Record<string, string>> {
  const value = processor?.avx512 ? "SkylakeX" : processor?.avx2 ? "Haswell" : undefined;
  return value === undefined ? {} : { OPENBLAS_CORETYPE: value };
}

/** Runs `load` with these variables, where the user has set none of the same name, and puts the environment back. */
export function withEnvironment<T>(variables: Readonly<Record<string, string>>, load: () => T): T {
  const added = Object.keys(variables).filter((name) => process.env[name] === undefined);
  for (const name of added) process.env[name] = variables[name];
  try {
    return load();
  } finally {
    for (const name of added) delete process.env[name];
  }
}
