import { formatProblem, requirements } from "@leanconv/conv";
import fc from "fast-check";
import { expect, test } from "vitest";
import { wordsOf } from "../guard.ts";
import { InjectedFailure, throwingProvider } from "../providers/throwing-provider.ts";
import { wrapProvider } from "../providers/wrap-provider.ts";
import { convData } from "./conv-data.ts";
import type { AlgorithmUnderTest } from "./conv-kit.ts";
import { acceptedOf, layoutPairs, offersOf } from "./offers.ts";
import { problems } from "./problems.ts";
import { runConv } from "./run-conv.ts";

/** How the work is dealt out does not show in the result, and a failure in the middle does not show in the input. */
export function testPartition({ algorithm, refuses, provider, heap, limits, runs }: AlgorithmUnderTest): void {
  test("any number of parts and threads gives the same bits on real data", () => {
    fc.assert(
      fc.property(problems(limits), fc.nat(), fc.constantFrom(...layoutPairs), (problem, seed, pair) => {
        const data = convData(problem, seed, "reals");
        // The interpreter of the contract takes any number of threads, one after the other.
        const interpreted = wrapProvider(provider(), (kernel) => kernel);
        const shared = { algorithm, heap: heap(), data, last: seed % 3 };
        const threads = 1 + (seed % 3);
        for (const { variant } of acceptedOf(offersOf(algorithm, problem, [pair], { threads }), refuses, problem)) {
          const name = `${JSON.stringify(variant)} ${formatProblem(problem)}, seed ${seed}`;
          const whole = runConv({ ...shared, provider: provider(), variant }).output;
          for (const parts of [2, 3, 5]) {
            const run = { ...shared, provider: interpreted, variant, threads, parts };
            const { output, violations } = runConv(run);
            expect(violations, name).toEqual([]);
            const at = wordsOf(output).findIndex((word, i) => word !== wordsOf(whole)[i]);
            expect(at, `${name}: output ${at} differs on ${threads} threads in ${parts} parts`).toBe(-1);
          }
        }
      }),
      { numRuns: Math.ceil(runs / 2) },
    );
  });

  test("the provider's own threads give the same bits", () => {
    const { threads } = provider().capabilities;
    fc.assert(
      fc.property(problems(limits), fc.nat(), fc.constantFrom(...layoutPairs), (problem, seed, pair) => {
        const data = convData(problem, seed, "reals");
        const shared = { algorithm, heap: heap(), data, provider: provider(), last: seed % 3 };
        for (const { variant } of acceptedOf(offersOf(algorithm, problem, [pair], { threads }), refuses, problem)) {
          const whole = runConv({ ...shared, variant }).output;
          const { output, violations } = runConv({ ...shared, variant, threads });
          expect(violations, formatProblem(problem)).toEqual([]);
          expect(wordsOf(output), JSON.stringify(variant)).toEqual(wordsOf(whole));
        }
      }),
      { numRuns: threads > 1 ? runs : 1 },
    );
  });

  test("a kernel that throws leaves the input, the weights and all other memory as they were", () => {
    fc.assert(
      fc.property(problems(limits), fc.nat(), fc.constantFrom(...layoutPairs), (problem, seed, pair) => {
        const data = convData(problem, seed, "integers");
        for (const { variant } of acceptedOf(offersOf(algorithm, problem, [pair]), refuses, problem)) {
          const { summary } = requirements(algorithm.program(problem, variant, provider()), provider());
          const gemms = summary.gemms.reduce((sum, { count }) => sum + count, 0);
          const failing = throwingProvider(provider(), seed % Math.max(1, gemms));
          const { failure, violations } = runConv({
            ...{ algorithm, variant, provider: failing, heap: heap(), data, last: seed % 3 },
          });
          const name = `${JSON.stringify(variant)} ${formatProblem(problem)}, seed ${seed}`;
          if (gemms > 0) expect(failure, name).toBeInstanceOf(InjectedFailure);
          expect(violations, name).toEqual([]);
        }
      }),
      { numRuns: runs },
    );
  });
}
