import { isConvError } from "@leanconv/core";

/** The error of this project that a call throws. */
export function failure(run: () => unknown) {
  try {
    run();
  } catch (error) {
    if (isConvError(error)) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
}
