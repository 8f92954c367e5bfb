export {
  type Activation,
  type ActivationFunction,
  type ActivationKind,
  activationFunction,
  activationKinds,
  normaliseActivation,
} from "./activation.ts";
export { ActivationRun } from "./activation-run.ts";
export { assertProvider } from "./assert-provider.ts";
export {
  bindProgram,
  type Executable,
  type ProgramBinding,
  resolveProgram,
  type WorkspaceNeeds,
  workspaceNeeds,
} from "./bind.ts";
export { affine, KernelList, loop, part, phase, serial } from "./build.ts";
export { checkDescriptor } from "./check-descriptor.ts";
export { completionPanel, type PlainGemm, type PlainProduct } from "./complete-gemm.ts";
export { defineProvider, type ProviderForms, type ProviderParts } from "./define-provider.ts";
export type {
  ActivateDescriptor,
  AddDescriptor,
  Batch,
  Bound,
  CopyDescriptor,
  CopyTarget,
  FillDescriptor,
  GemmDescriptor,
  KernelDescriptor,
  Levels,
  MoverDescriptor,
  PackDescriptor,
  PackedA,
  PanelB,
  PanelPoints,
  PatchB,
  PlainA,
  PlainB,
  StridedPoints,
  Tap,
  TargetC,
  TiledImage,
  TransformDescriptor,
  WinogradTile,
} from "./descriptor.ts";
export { checkProgramExtents } from "./extent.ts";
export { firstAvailable } from "./first-available.ts";
export { BoundProgram } from "./interpreter.ts";
export { levelCount } from "./levels.ts";
export { type PackedUnits, type Resolved, type ResolvedPlaces, rowsOf } from "./link.ts";
export { countPhases } from "./pace.ts";
export { packExtent } from "./pack-source.ts";
export type {
  Address,
  Affine,
  Guarded,
  Loop,
  Node,
  Operand,
  Part,
  Phase,
  Places,
  Program,
  Role,
  RowRange,
  Step,
} from "./program.ts";
export type {
  Capabilities,
  Footprint,
  GemmProvider,
  Kernel,
  KernelCall,
  PackedForm,
  ThreadStatus,
} from "./provider.ts";
export { compileReference } from "./reference/kernel.ts";
export { levelOffsets } from "./reference/pack.ts";
export { naiveGemm, referenceGemm } from "./reference-provider.ts";
export { type RunAsyncOptions, type StopSignal, turnOfOthers } from "./run-async.ts";
export { shareStart } from "./share.ts";
export {
  bytesPerElement,
  type GemmWork,
  gemmWork,
  type MoveForm,
  type MoveWork,
  moveWork,
  type ProgramSummary,
  summariseProgram,
  validWindow,
} from "./summary.ts";
export type { Team } from "./team.ts";
export { type WinogradMatrices, winogradMatrices, winogradPoints } from "./winograd.ts";
