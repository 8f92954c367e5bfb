import { type ConvError, convError, isConvError } from "@leanconv/core";
import type { GemmProvider } from "./provider.ts";

/**
 * Opens the first provider that can be opened; its `name` says which one won. Falling back is the caller's own line of
 * code, never something that happens silently.
 * @throws `provider.load-failed` with every reason; errors other than `provider.*` and `unsupported.*` pass through.
 */
export async function firstAvailable(
  openers: readonly (() => GemmProvider | Promise<GemmProvider>)[],
): Promise<GemmProvider> {
  const reasons: ConvError[] = [];
  for (const open of openers) {
    try {
      return await open();
    } catch (error) {
      if (!isConvError(error) || !/^(provider|unsupported)\./.test(error.code)) throw error;
      reasons.push(error);
    }
  }
  throw convError("provider.load-failed", {
    where: "firstAvailable",
    what: "no provider can be opened here",
    got: reasons.map((reason) => reason.message),
    details: { reasons },
  });
}
