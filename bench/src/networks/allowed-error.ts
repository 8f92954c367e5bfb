import { type Accuracy, allAlgorithms, directSums } from "leanconv";

/** Sums of some thousand products around 1 differ by less than this, whatever their order; more behind coarse transforms. */
const allowedErrors: Readonly<Record<Accuracy, number>> = { "no-transform": 1e-4, standard: 1e-4, fast: 1e-3 };

/** How far outputs of an algorithm may lie from those of another, by its error class. */
export function allowedError(algorithm: string): number {
  const errorClass = allAlgorithms.find(({ name }) => name === algorithm)?.errorClass ?? directSums;
  return allowedErrors[errorClass.accuracy];
}
