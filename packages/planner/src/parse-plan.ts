import { accuracies, type ConvProblem, formatProblem, parseProblem } from "@leanconv/conv";
import { convError, type ErrorCode, errorCodes, errorWithin } from "@leanconv/core";
import { type Activation, normaliseActivation } from "@leanconv/gemm";
import * as v from "valibot";
import { checkReferences } from "./network/check-references.ts";
import type { NetworkPlan, NetworkPlanData } from "./network/network-plan.ts";
import { networkPlanFromData } from "./network/network-plan-from-data.ts";
import { type Plan, type PlanData, planVersion } from "./plan.ts";
import { planFromData } from "./plan-from-data.ts";

// JSON has neither frozen problems nor infinite bounds: problems travel as their strings, bounds that are absent or null
// are those of the activation's kind.

const bytes = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const index = bytes;
const seconds = v.pipe(v.number(), v.finite(), v.minValue(0));
const layout = v.picklist(["nchw", "nhwc"]);
const pair = v.tuple([index, index]);
const shape = v.tuple([index, index, index, index]);

const activation = v.pipe(
  v.looseObject({ kind: v.string() }),
  v.transform((given): Activation => {
    const known = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== null));
    return normaliseActivation(known as unknown as Activation, "plan") as Activation;
  }),
);
const problem = v.union([
  v.pipe(v.string(), v.transform(parseProblem)),
  v.pipe(
    v.looseObject({ activation: v.exactOptional(activation) }),
    v.transform((given): ConvProblem => parseProblem(formatProblem(given as unknown as ConvProblem))),
  ),
]);

const variant = v.object({
  form: v.string(),
  parameters: v.record(v.string(), v.number()),
  inputLayout: layout,
  outputLayout: layout,
});
const named = { algorithm: v.string(), variant, reason: v.string() };
const numbers = {
  ...{ workspaceBytes: bytes, slotBytes: bytes, scratchBytes: bytes, packedBytes: bytes, tableBytes: bytes },
  seconds,
};
const rated = v.object({
  ...named,
  status: v.picklist(["chosen", "eligible", "resource.workspace-limit"]),
  ...numbers,
});
const refused = v.object({ ...named, status: v.picklist(Object.keys(errorCodes) as ErrorCode[]) });
const candidates = v.array(v.union([rated, refused]));
const threads = v.pipe(v.number(), v.integer(), v.minValue(1));
const text = v.string();
const provider = v.object({ name: text, identity: text, threads, outside: v.exactOptional(text) });
const accuracy = v.picklist(accuracies);

const layersPlan = v.object({
  version: v.literal(planVersion),
  kind: v.literal("layers"),
  ...{ provider, threads, accuracy, model: v.string() },
  budget: v.object({ workspaceBytes: v.exactOptional(bytes) }),
  layers: v.array(v.object({ name: v.string(), problem, provider: v.string(), threads, chosen: rated, candidates })),
  ...{ workspaceBytes: bytes, packedBytes: bytes, seconds },
});

const name = v.string();
const inputs = v.array(v.string());
const node = v.variant("kind", [
  v.object({ kind: v.literal("input"), name, shape }),
  v.object({ kind: v.literal("conv"), name, inputs, problem }),
  v.object({
    ...{ kind: v.picklist(["max-pool", "average-pool"]), name, inputs, kernel: pair, strides: pair },
    ...{ padding: v.exactOptional(shape), ceil: v.exactOptional(v.boolean()) },
  }),
  v.object({ kind: v.literal("add"), name, inputs, activation: v.exactOptional(activation) }),
  v.object({ kind: v.literal("concat"), name, inputs }),
  v.object({ kind: v.literal("activation"), name, inputs, activation }),
  v.object({
    ...{ kind: v.literal("local-response-norm"), name, inputs },
    ...{ size: index, alpha: v.number(), beta: v.number(), bias: v.number() },
  }),
  v.object({ kind: v.literal("custom"), name, inputs, shape }),
]);
const memory = v.object({
  ...{ providerBytes: bytes, packedBytes: bytes, tableBytes: bytes, arenaBytes: bytes, aliveBytes: bytes },
  ...{ usedBytes: bytes, heapBytes: bytes, outsideBytes: bytes, totalBytes: bytes },
});

const networkPlan = v.object({
  version: v.literal(planVersion),
  kind: v.literal("network"),
  ...{ provider, threads, budgetBytes: v.exactOptional(bytes), accuracy, model: v.string() },
  graph: v.object({ nodes: v.array(node), outputs: v.exactOptional(v.array(v.string())) }),
  nodes: v.array(
    v.object({
      ...{ name, inputLayout: layout, outputLayout: layout },
      ...{ chosen: v.exactOptional(rated), candidates: v.exactOptional(v.string()), seconds },
    }),
  ),
  moves: v.array(v.object({ node: index, input: index, from: layout, to: layout, seconds })),
  steps: v.array(v.string()),
  candidates: v.record(v.string(), candidates),
  buffers: v.array(
    v.object({
      kind: v.picklist(["provider", "weights", "bias", "slopes", "tensor", "copy", "workspace", "tables", "page"]),
      ...{ name, node: v.exactOptional(index), input: v.exactOptional(index), offsetBytes: bytes, bytes },
      ...{ steps: v.exactOptional(pair), shared: v.exactOptional(v.array(v.string())) },
    }),
  ),
  ...{ memory, seconds, optimal: v.boolean(), boundSeconds: seconds, savedByOneMoreMiB: v.exactOptional(seconds) },
});

/**
 * Reads a plan back, from JSON text or from the value it parses to, and checks its form: `plan.kind` is "layers" or
 * "network". That it belongs to a provider and to a network is checked by whoever opens it. Allocates the plan.
 * @throws `argument.format` with the path of what is not of this form or refers to what is not there,
 * `argument.plan-mismatch` for another version, the codes of `parseProblem`, `argument.activation`
 */
export function parsePlan(json: unknown): Plan | NetworkPlan {
  const where = "parsePlan";
  const value = typeof json === "string" ? parseJson(json, where) : json;
  const version = (value as { version?: unknown } | null)?.version;
  if (version !== planVersion) {
    throw convError("argument.plan-mismatch", {
      where,
      what: version === undefined ? "this is no plan" : "a plan of another version",
      got: version ?? "no version",
      wanted: planVersion,
      fix: "plan again",
    });
  }
  if ((value as { kind?: unknown }).kind !== "network") {
    return planFromData(check(layersPlan, value, where) as unknown as PlanData);
  }
  const data = check(networkPlan, value, where) as unknown as NetworkPlanData;
  checkReferences(data, where);
  return networkPlanFromData(data);
}

function parseJson(text: string, where: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw convError("argument.format", { where, what: `not JSON: ${(cause as Error).message}`, cause });
  }
}

function check<Schema extends v.GenericSchema>(schema: Schema, value: unknown, where: string): v.InferOutput<Schema> {
  let result: v.SafeParseResult<Schema>;
  try {
    result = v.safeParse(schema, value, { abortEarly: true });
  } catch (cause) {
    // A problem or an activation that cannot exist.
    throw errorWithin(where, cause);
  }
  if (result.success) return result.output;
  const [issue] = result.issues;
  throw convError("argument.format", {
    where: `${where}: ${v.getDotPath(issue) ?? "plan"}`,
    what: "not of the form of a plan",
    got: issue.received,
    ...(issue.expected !== null && { wanted: issue.expected }),
  });
}
