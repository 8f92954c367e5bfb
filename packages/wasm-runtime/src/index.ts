// What providers over the WebAssembly kernels have in common: the choice of a file, memories, kernels of descriptors,
// packed constants, and programs on several threads.

export { encodeActivation, encodeMover, type Words } from "./encode.ts";
export { flagsHaveAvx2, processorHasAvx2 } from "./engine/avx2.ts";
export { chooseFile, type FileWishes } from "./engine/choose-file.ts";
export { detectEngine, type Engine } from "./engine/engine.ts";
export { type WasmFeatures, wasmFeatures } from "./engine/features.ts";
export { formOf, type WasmForm } from "./forms.ts";
export { instantiateKernels, type KernelInstance } from "./instantiate.ts";
export { alignBytes, compileWasm, type WasmKernel, wasmFootprint } from "./kernel.ts";
export { kernelAt, type ThreadKernels } from "./kernel-at.ts";
export { allocateMemory, pageBytes } from "./linear-memory.ts";
export { type PackPlace, packBlockBytes, packFilter } from "./pack/pack-filter.ts";
export { planGemm } from "./plan-gemm.ts";
export {
  type Bell,
  type Crew,
  openPool,
  type Place,
  type Pool,
  servePool,
  type ThreadScript,
  whyNoThreads,
} from "./pool/index.ts";
export { loadTransforms, type OpenKernels, probe } from "./probe.ts";
export { type CrewKernels, KernelCrew } from "./threads/crew.ts";
export { jobBlockBytes } from "./threads/job-block.ts";
export { type OpenThreads, openThreads } from "./threads/open-threads.ts";
export type { Tile } from "./tile.ts";
