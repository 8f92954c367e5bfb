export type { GemmFunction, KernelExports } from "./exports.ts";
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
} from "./fields.ts";
