import { type FunctionTerms, type NodeTerms, windowOf } from "../../cost/function-terms.ts";
import { type FunctionCase, normCases, poolCases } from "../function-case.ts";

/** From the times of two pools and of two normalisations. */
export function nodeTerms(times: readonly number[]): NodeTerms {
  return { pool: functionTerms(poolCases, times), norm: functionTerms(normCases, times.slice(poolCases.length)) };
}

function functionTerms(cases: readonly FunctionCase[], times: readonly number[]): FunctionTerms {
  const [few, many] = cases.map(({ node, output: [n, c, h, w] }, index) => ({
    window: windowOf(node),
    seconds: times[index] / (n * c * h * w),
  }));
  const valueSeconds = Math.max(0, (many.seconds - few.seconds) / (many.window - few.window));
  return { outputSeconds: Math.max(0, few.seconds - few.window * valueSeconds), valueSeconds };
}
