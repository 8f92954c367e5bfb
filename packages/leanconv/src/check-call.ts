import { convError } from "@leanconv/core";
import { assertProvider } from "@leanconv/gemm";
import { checkAccuracy } from "@leanconv/planner";
import type { Conv2dCallOptions } from "./conv2d.ts";

/** What `conv2d` checks of its options itself: the rest describes the problem. @throws `argument.*` */
export function checkCall(options: Conv2dCallOptions, where: string): void {
  if (typeof options !== "object" || options === null) {
    const fix = "leave them out for the defaults";
    throw convError("argument.format", { where, what: "the options are no object", got: options, fix });
  }
  const { provider, workspaceBytes, threads = 1, accuracy } = options;
  if (accuracy !== undefined) checkAccuracy(accuracy, `${where}: accuracy`);
  if (provider !== undefined) assertProvider(provider, where);
  if (workspaceBytes !== undefined && !(Number.isSafeInteger(workspaceBytes) && workspaceBytes >= 0)) {
    throw convError("argument.range", {
      where: `${where}: workspaceBytes`,
      what: "not a size in whole bytes",
      got: workspaceBytes,
      fix: "leave it out for no limit",
    });
  }
  const most = provider?.capabilities.threads;
  if (Number.isInteger(threads) && threads >= 1 && !(most !== undefined && threads > most)) return;
  throw convError("argument.range", {
    where: `${where}: threads`,
    what: most === undefined ? "not a number of threads" : "the provider cannot run with so many",
    got: threads,
    wanted: most === undefined ? "a whole number of at least 1" : `1 to ${most}`,
  });
}
