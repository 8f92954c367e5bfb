import type { CheckedGraph } from "@leanconv/conv";
import { convError } from "@leanconv/core";
import { checkPlanOptions } from "../check-options.ts";
import type { NetworkOptions } from "./plan-network.ts";

const fields = ["algorithm", "form", "parameters", "inputLayout", "outputLayout"];

/** @throws `argument.format`, `argument.name`, `argument.range`, `argument.layout` */
export function checkNetworkOptions(options: NetworkOptions, where: string): void {
  if (typeof options !== "object" || options === null) {
    const wanted = "{ algorithms, provider, budgetBytes? }";
    throw convError("argument.format", { where, what: "the options are no object", got: options, wanted });
  }
  const { algorithms, provider, threads = 1, accuracy, inputLayout, outputLayout } = options;
  const counts = threads === "auto" ? [1] : typeof threads === "number" ? [threads] : threads;
  if (!Array.isArray(counts) || counts.length === 0) {
    const wanted = 'a number, a list of numbers or "auto"';
    throw convError("argument.range", {
      where: `${where}: threads`,
      what: "no number of threads",
      got: threads,
      wanted,
    });
  }
  for (const count of counts) {
    checkPlanOptions({ algorithms, provider, threads: count, ...(accuracy && { accuracy }) }, where);
  }
  for (const [field, layout] of Object.entries({ inputLayout, outputLayout })) {
    if (layout === undefined || layout === "nchw" || layout === "nhwc") continue;
    const wanted = "nchw, nhwc";
    throw convError("argument.layout", { where: `${where}: ${field}`, what: "an unknown layout", got: layout, wanted });
  }
}

/** That overrides name convolutions of the graph, and fields that exist. @throws `argument.name`, `argument.format` */
export function checkOverrides({ nodes }: CheckedGraph, overrides: NetworkOptions["overrides"], where: string): void {
  for (const [layer, override] of Object.entries(overrides ?? {})) {
    const at = `${where}: overrides.${layer}`;
    if (!nodes.some(({ kind, name }) => kind === "conv" && name === layer)) {
      throw convError("argument.name", { where: at, what: "no such convolution", got: layer });
    }
    if (typeof override !== "object" || override === null) {
      throw convError("argument.format", { where: at, what: "no object", got: override });
    }
    const unknown = Object.keys(override).find((field) => !fields.includes(field));
    if (unknown === undefined) continue;
    throw convError("argument.name", { where: at, what: "no such field", got: unknown, wanted: fields.join(", ") });
  }
}
