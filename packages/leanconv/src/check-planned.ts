import { convError } from "@leanconv/core";
import type { GemmProvider } from "@leanconv/gemm";
import type { PlannedChoice } from "@leanconv/planner";

/**
 * That a layer is opened with the provider it was planned for: another one packs, tiles and books differently.
 * @throws `argument.plan-mismatch`
 */
export function checkPlannedProvider(choice: PlannedChoice, provider: GemmProvider, where: string): void {
  if (choice.provider === undefined || choice.provider === provider.identity) return;
  throw convError("argument.plan-mismatch", {
    where,
    what: "the layer was planned for another provider",
    got: provider.identity,
    wanted: choice.provider,
    fix: "plan again with this provider",
  });
}

/** That a layer needs the workspace its plan declares, neither more nor less. @throws `argument.plan-mismatch` */
export function checkPlannedWorkspace(
  { chosen, threads: planned = 1 }: PlannedChoice,
  workspaceBytes: number,
  threads: number,
  where: string,
): void {
  if (chosen.workspaceBytes === undefined || chosen.workspaceBytes === workspaceBytes) return;
  const ofThreads = (count: number): string =>
    threads === planned ? "" : ` with ${count} thread${count > 1 ? "s" : ""}`;
  throw convError("argument.plan-mismatch", {
    where,
    what: "the layer needs another workspace than was planned",
    got: `${workspaceBytes} bytes${ofThreads(threads)}`,
    wanted: `${chosen.workspaceBytes} bytes${ofThreads(planned)}`,
    fix: "plan again with this provider and these threads",
  });
}
