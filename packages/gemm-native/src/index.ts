export { libraryVariable, listLibraries, type UnusableLibrary } from "./library/find-library.ts";
export type { LibraryKind, LibraryReport } from "./library/kinds.ts";
export { type NativeGemmOptions, nativeGemm } from "./native-gemm.ts";
