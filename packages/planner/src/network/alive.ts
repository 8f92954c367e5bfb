import type { NetworkPlanData } from "./network-plan.ts";

/** Bytes of tensors, copies and workspaces that are alive at every step. */
export function aliveAt({ buffers, steps }: Pick<NetworkPlanData, "buffers" | "steps">): readonly number[] {
  const alive = steps.map(() => 0);
  for (const { bytes, steps: own } of buffers) {
    for (let step = own?.[0] ?? 0; own !== undefined && step <= own[1]; step++) alive[step] += bytes;
  }
  return alive;
}
