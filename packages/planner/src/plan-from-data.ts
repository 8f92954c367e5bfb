import { convError } from "@leanconv/core";
import { explainLayer, explainPlan } from "./explain.ts";
import type { Plan, PlanData } from "./plan.ts";

/** The plan behind its plain data, which is trusted: `parsePlan` checks. */
export function planFromData(data: PlanData): Plan {
  return {
    ...data,
    explain(layerName?: string): string {
      if (layerName === undefined) return explainPlan(data);
      const layer = data.layers.find(({ name }) => name === layerName);
      if (layer === undefined) {
        throw convError("argument.name", {
          where: "plan.explain",
          what: "no such layer",
          got: layerName,
          wanted: data.layers.map(({ name }) => name).join(", "),
        });
      }
      return explainLayer(data, layer);
    },
    toJSON: () => data,
  };
}
