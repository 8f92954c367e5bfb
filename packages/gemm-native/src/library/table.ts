import type { LibraryKind } from "./kinds.ts";

/** What the project has run, and what it only knows how to call. */
export interface KnownLibrary {
  readonly kind: LibraryKind;
  /** For people. */
  readonly title: string;
  readonly tested: boolean;
  /** Names the system's loader is asked for, in this order. */
  readonly files: Readonly<Partial<Record<NodeJS.Platform, readonly string[]>>>;
}

/**
 * Every library, in the order in which they are tried: fastest first, untested last. A name without a version is what
 * development packages install.
 */
export const knownLibraries: readonly KnownLibrary[] = [
  {
    ...{ kind: "onednn", title: "oneDNN", tested: true },
    files: {
      linux: ["libdnnl.so.2", "libdnnl.so.3", "libdnnl.so"],
      darwin: ["libdnnl.3.dylib", "libdnnl.2.dylib", "libdnnl.dylib"],
      win32: ["dnnl.dll"],
    },
  },
  {
    ...{ kind: "openblas", title: "OpenBLAS", tested: true },
    files: {
      linux: ["libopenblas.so.0", "libopenblas.so"],
      darwin: ["libopenblas.0.dylib", "libopenblas.dylib", "/opt/homebrew/opt/openblas/lib/libopenblas.dylib"],
      win32: ["libopenblas.dll", "openblas.dll"],
    },
  },
  {
    ...{ kind: "blis", title: "BLIS", tested: true },
    files: { linux: ["libblis.so.4", "libblis.so"], darwin: ["libblis.4.dylib", "libblis.dylib"] },
  },
  {
    ...{ kind: "mkl", title: "oneMKL", tested: false },
    files: { linux: ["libmkl_rt.so.2", "libmkl_rt.so"], win32: ["mkl_rt.2.dll", "mkl_rt.dll"] },
  },
  {
    ...{ kind: "accelerate", title: "Accelerate", tested: false },
    files: { darwin: ["/System/Library/Frameworks/Accelerate.framework/Accelerate"] },
  },
];
