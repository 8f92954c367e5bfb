// Started by `testNoAllocation` in a process of its own, with the collector exposed.

import { type ConvAlgorithm, formatProblem, parseProblem } from "@leanconv/conv";
import type { GemmProvider } from "@leanconv/gemm";
import { convData } from "../conv/conv-data.ts";
import { layoutPairs, offersOf } from "../conv/offers.ts";
import { bindForRuns } from "./bind-for-runs.ts";
import { bytesPerRun } from "./bytes-per-run.ts";

/** What the process is told: where algorithm and provider come from, and what to run. */
export interface AllocationRequest {
  readonly algorithm: readonly [module: string, name: string];
  readonly provider: readonly [module: string, name: string];
  readonly problems: readonly string[];
}

const request = JSON.parse(process.argv[2]) as AllocationRequest;
const load = async <T>([module, name]: readonly [string, string]): Promise<T> => (await import(module))[name];
const algorithm = await load<ConvAlgorithm>(request.algorithm);
const provider = await (await load<() => GemmProvider | Promise<GemmProvider>>(request.provider))();

for (const problem of request.problems.map(parseProblem)) {
  const data = convData(problem, 1, "integers");
  const seen = new Set<string>();
  for (const { variant, refusal } of offersOf(algorithm, problem, layoutPairs)) {
    // One layout pair of every form is enough: the others differ in numbers only.
    const key = `${variant.form} ${Object.keys(variant.parameters)} ${variant.inputLayout}`;
    if (refusal || seen.has(key)) continue;
    seen.add(key);
    const bound = await bindForRuns(algorithm, variant, provider, data);
    const bytes = bytesPerRun(() => bound.run());
    console.log(JSON.stringify({ case: `${JSON.stringify(variant)} ${formatProblem(problem)}`, bytes }));
  }
}
provider.dispose();
