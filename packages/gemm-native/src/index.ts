export { libraryVariable, libraryVariables, listLibraries, type UnusableLibrary } from "./library/find-library.ts";
export type { LibraryKind, LibraryReport } from "./library/kinds.ts";
export type { Sgemm } from "./library/sgemm.ts";
export { type SystemLibrary, systemLibrary } from "./library/system-library.ts";
export { type NativeGemmOptions, nativeGemm } from "./native-gemm.ts";
