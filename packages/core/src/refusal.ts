import type { ErrorCode } from "./error.ts";

/** Why an algorithm or provider does not take a case: the same code an exception would carry, as data. */
export interface Refusal {
  readonly code: ErrorCode;
  /** One sentence a user can act on. */
  readonly reason: string;
}
