import { isConvError } from "@leanconv/core";
import { expect } from "vitest";

/** The code of the error that `run` throws; a failure if it throws none of ours. */
export function codeOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (isConvError(error)) return error.code;
    throw error;
  }
  return expect.unreachable("nothing was thrown");
}
