import { convError } from "@leanconv/core";
import { assertProvider } from "@leanconv/gemm";
import { checkAccuracy } from "./accuracy.ts";
import type { NamedProblem, PlanOptions } from "./plan-layers.ts";

/** @throws `argument.format`, `argument.name`, `argument.range`, `argument.layout` */
export function checkPlanOptions(options: PlanOptions, where = "planLayers"): void {
  if (typeof options !== "object" || options === null) {
    const wanted = "{ algorithms, provider, budget? }";
    throw convError("argument.format", { where, what: "the options are no object", got: options, wanted });
  }
  const { algorithms, provider, budget, layout, threads = 1, accuracy } = options;
  assertProvider(provider, where);
  if (!Array.isArray(algorithms)) {
    const wanted = "a list, for instance allAlgorithms";
    throw convError("argument.name", { where: `${where}: algorithms`, what: "no list", got: algorithms, wanted });
  }
  if (budget !== undefined && (typeof budget !== "object" || budget === null)) {
    const wanted = "{ workspaceBytes }";
    throw convError("argument.format", { where: `${where}: budget`, what: "no object", got: budget, wanted });
  }
  const limit = budget?.workspaceBytes;
  if (limit !== undefined && !(Number.isSafeInteger(limit) && limit >= 0)) {
    throw convError("argument.range", {
      where: `${where}: budget.workspaceBytes`,
      what: "not a size in whole bytes",
      got: limit,
      fix: "leave it out for no limit",
    });
  }
  if (!Number.isInteger(threads) || threads < 1 || threads > provider.capabilities.threads) {
    const wanted = `1 to ${provider.capabilities.threads}, the threads of the provider "${provider.name}"`;
    const what = "the provider cannot run with so many";
    throw convError("argument.range", { where: `${where}: threads`, what, got: threads, wanted });
  }
  if (accuracy !== undefined) checkAccuracy(accuracy, `${where}: accuracy`);
  if (layout !== undefined && layout !== "nchw" && layout !== "nhwc") {
    const wanted = "nchw, nhwc";
    throw convError("argument.layout", { where: `${where}: layout`, what: "an unknown layout", got: layout, wanted });
  }
}

/** That layers are told apart, and those that options name exist. @throws `argument.name` */
export function checkNames(
  layers: readonly NamedProblem[],
  { exclusiveInputs }: Pick<PlanOptions, "exclusiveInputs">,
  where = "planLayers",
): void {
  const names = new Set<string>();
  for (const { name } of layers) {
    if (names.has(name)) throw convError("argument.name", { where, what: "two layers of one name", got: name });
    names.add(name);
  }
  const unknown = typeof exclusiveInputs === "object" ? exclusiveInputs.find((name) => !names.has(name)) : undefined;
  if (unknown !== undefined) {
    throw convError("argument.name", { where: `${where}: exclusiveInputs`, what: "no such layer", got: unknown });
  }
}
