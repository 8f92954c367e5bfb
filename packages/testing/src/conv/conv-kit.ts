import type { ConvAlgorithm, ConvProblem, Variant } from "@leanconv/conv";
import type { ErrorCode, Heap } from "@leanconv/core";
import type { GemmProvider } from "@leanconv/gemm";
import type { ImageLayout } from "@leanconv/tensor";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { testConvBinding } from "./binding-tests.ts";
import { checkVariant } from "./check-variant.ts";
import { convData, differenceFrom } from "./conv-data.ts";
import { acceptedOf, layoutPairs, offersOf } from "./offers.ts";
import { testPartition } from "./partition-tests.ts";
import { notPlain } from "./plain-data.ts";
import { type ProblemLimits, problems, sweepProblems } from "./problems.ts";
import { testPrograms } from "./program-tests.ts";
import { runConv } from "./run-conv.ts";
import { testViews } from "./view-tests.ts";
import { testWorkspace } from "./workspace-tests.ts";

export interface AlgorithmKitOptions {
  readonly algorithm: ConvAlgorithm;
  readonly providers: readonly (() => GemmProvider | Promise<GemmProvider>)[];
  /** The input layouts it takes; the others must be refused with `unsupported.layout`. */
  readonly layouts: readonly ImageLayout[];
  /** Codes with which variants may be refused. Each of them must occur. */
  readonly refuses: readonly ErrorCode[];
  /** Slots that a problem of ordinary geometry need not fill. Absent: every element of every slot is written. */
  readonly partialSlots?: (variant: Variant, slot: string) => boolean;
  /** Which random problems are made; default: any. */
  readonly limits?: ProblemLimits;
  /** Random problems of each kind; default 60. */
  readonly runs?: number;
  /** Every how many problems of the sweep one is run; default 1. */
  readonly thin?: number;
}

/** What the parts of the kit share. */
export interface AlgorithmUnderTest extends AlgorithmKitOptions {
  readonly limits: ProblemLimits;
  readonly runs: number;
  readonly provider: () => GemmProvider;
  readonly heap: () => Heap;
}

const heapBytes = 2 * 2 ** 20;

/**
 * Registers the conformance tests of an algorithm: the laws that every variant keeps on every provider. One call is the
 * whole conformance test of an algorithm.
 */
export function testConvAlgorithm(options: AlgorithmKitOptions): void {
  const { algorithm, providers, refuses, layouts, limits = {}, runs = 60, thin = 1 } = options;

  describe(algorithm.name, { timeout: 60_000 }, () => {
    test("offers: pure, in the layouts asked for, refused with the declared codes and no others", () => {
      const seen = new Set<ErrorCode>();
      for (const problem of [...sweepProblems(), ...fc.sample(problems(), { seed: 11, numRuns: 100 })]) {
        for (const pair of layoutPairs) {
          for (const exclusiveInput of [false, true]) {
            const offers = offersOf(algorithm, problem, [pair], { exclusiveInput });
            expect(offersOf(algorithm, problem, [pair], { exclusiveInput })).toEqual(offers);
            expect(notPlain(offers)).toBeUndefined();
            for (const { variant, refusal } of offers) {
              expect([variant.inputLayout, variant.outputLayout]).toEqual(pair);
              if (refusal) seen.add(refusal.code);
            }
            const accepted = acceptedOf(offers, refuses, problem);
            if (!layouts.includes(pair[0])) expect(accepted).toEqual([]);
          }
        }
      }
      expect([...seen].sort()).toEqual([...refuses].sort());
    });

    test.each([...layouts])("offers something for ordinary layers in %s", (layout) => {
      const accepted = sweepProblems().filter(
        (problem) => acceptedOf(offersOf(algorithm, problem, [[layout, layout]]), refuses, problem).length > 0,
      );
      expect(accepted.length).toBeGreaterThan(0);
    });

    describe.each(providers.map((open, index) => [open.name || `provider ${index}`, open, index] as const))(
      "on %s",
      (_, open, index) => {
        let provider: GemmProvider;
        let heap: Heap;
        beforeAll(async () => {
          provider = await open();
          heap = await provider.createHeap(heapBytes);
        });
        afterAll(() => {
          heap?.dispose();
          provider?.dispose();
        });
        const under: AlgorithmUnderTest = { ...options, limits, runs, provider: () => provider, heap: () => heap };

        test("the sweep: every variant gives the oracle's numbers and touches its own memory only", () => {
          sweepProblems().forEach((problem, at) => {
            if (at % (thin * providers.length) !== index) return;
            const turn = Math.floor(at / (thin * providers.length));
            const pairs = [0, 1].map((next) => layoutPairs[(turn + next) % layoutPairs.length]);
            checkVariants(under, problem, at, pairs);
          });
        });

        test("random problems: numbers as the oracle's, twice; only its own memory; the declared GEMMs and moves", () => {
          fc.assert(
            fc.property(problems(limits), fc.nat(), fc.constantFrom(...layoutPairs), (problem, seed, pair) =>
              checkVariants(under, problem, seed, [pair]),
            ),
            { numRuns: runs },
          );
        });

        test("real numbers: within the bound of its error class", () => {
          fc.assert(
            fc.property(problems(limits), fc.nat(), fc.constantFrom(...layoutPairs), (problem, seed, pair) => {
              const data = convData(problem, seed, "reals");
              for (const { variant } of acceptedOf(offersOf(algorithm, problem, [pair]), refuses, problem)) {
                const { output } = runConv({ algorithm, variant, provider, heap, data, last: seed % 3 });
                expect(differenceFrom(data, output, algorithm.errorClass), JSON.stringify(variant)).toBeUndefined();
              }
            }),
            { numRuns: runs },
          );
        });

        testViews(under);
        testPartition(under);
        testWorkspace(under);
        testPrograms(under);
        testConvBinding(under);
      },
    );
  });
}

/** Checks every accepted variant of a problem: on integers, or on real numbers where it is not exact on integers. */
function checkVariants(
  { algorithm, refuses, provider, heap }: AlgorithmUnderTest,
  problem: ConvProblem,
  seed: number,
  pairs: typeof layoutPairs,
): void {
  const data = convData(problem, seed, algorithm.errorClass.exactOnIntegers ? "integers" : "reals");
  for (const { variant } of acceptedOf(offersOf(algorithm, problem, pairs), refuses, problem)) {
    const found = checkVariant({ algorithm, variant, provider: provider(), heap: heap(), seed, data });
    expect(found).toBeUndefined();
  }
}
