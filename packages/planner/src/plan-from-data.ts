import { convError } from "@leanconv/core";
import { explainLayer, explainPlan } from "./explain.ts";
import { type Plan, type PlanData, planVersion } from "./plan.ts";

/**
 * The plan behind its plain data, for instance from a file: `planFromData(JSON.parse(text))`. Trusts the data beyond
 * its version: that provider and workspace are the planned ones is checked by who opens a layer.
 * @throws `argument.plan-mismatch` for a plan of another version
 */
export function planFromData(data: PlanData): Plan {
  if (data.version !== planVersion) {
    throw convError("argument.plan-mismatch", {
      where: "planFromData",
      what: "a plan of another version",
      got: data.version,
      wanted: planVersion,
      fix: "plan again",
    });
  }
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
