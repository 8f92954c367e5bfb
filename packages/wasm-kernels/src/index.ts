export type { GemmFunction, KernelExports, StripExports, TransformExports } from "./exports.ts";
export {
  activationCodes,
  type GemmField,
  gemmFields,
  gemmWords,
  type MoverField,
  moverAxes,
  moverFields,
  moverWords,
  operandKinds,
  transformFields,
  transformScratchBytes,
  transformWords,
} from "./fields.ts";
export {
  type KernelFile,
  type KernelFileName,
  type KernelVariant,
  kernelFiles,
  type StripFileName,
  stripFile,
  type TransformFileName,
  transformFiles,
  type WasmFileName,
} from "./files.ts";
export { inspectModule, inspectStrips, inspectTransforms } from "./inspect-module.ts";
export type { KernelLabel, StripLabel, TransformLabel } from "./label.ts";
export { loadKernels } from "./load-kernels.ts";
