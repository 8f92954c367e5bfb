import type { ErrorCode, Heap } from "@leanconv/core";
import type { GemmProvider } from "@leanconv/gemm";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { checkBound, checkCase, checkParts } from "../kernel/compare.ts";
import { copyCases, panelCopyCases } from "../kernel/copy-cases.ts";
import { activateCases, addCases, fillCases } from "../kernel/elementwise-cases.ts";
import { gemmCases, gemmSweep } from "../kernel/gemm-cases.ts";
import type { KernelCase } from "../kernel/kernel-case.ts";
import { transformCases } from "../kernel/transform-cases.ts";
import { testBinding } from "./binding-tests.ts";
import { testHeaps } from "./heap-tests.ts";
import { testPacking } from "./packing-tests.ts";
import { testQueries } from "./query-tests.ts";
import { refusalCensus } from "./refusal-census.ts";

export interface ProviderKitOptions {
  /** For test names; default: the provider's own. */
  readonly name?: string;
  readonly open: () => GemmProvider | Promise<GemmProvider>;
  /** Codes with which the provider may refuse a valid descriptor. Each of them must occur. */
  readonly refuses: readonly ErrorCode[];
  /** Random cases of each kind; default 200. */
  readonly runs?: number;
}

/** Large enough for the largest case; every case lies at its end. */
const heapBytes = 4 * 2 ** 20;

/**
 * Registers the conformance tests of a provider: every kernel of the contract against its definition, its memory
 * manners, heaps, packing, queries, binding and refusals. One call is the whole test file of a provider.
 */
export function testGemmProvider({ name, open, refuses, runs = 200 }: ProviderKitOptions): void {
  describe(`GEMM provider ${name ?? ""}`.trim(), { timeout: 60_000 }, () => {
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

    /** Refused cases pass if the refusal is declared. */
    const accepts = ({ descriptor }: KernelCase): boolean => {
      const refusal = provider.refuses(descriptor);
      if (refusal && !refuses.includes(refusal.code)) {
        throw new Error(
          `refuses ${refusal.code} (${refusal.reason}), which is not declared: ${JSON.stringify(descriptor)}`,
        );
      }
      return refusal === undefined;
    };
    const good = (kernelCase: KernelCase): void => {
      if (accepts(kernelCase)) expect(checkCase(provider, heap, kernelCase)).toBeUndefined();
    };
    const property = (cases: fc.Arbitrary<KernelCase>, check: (kernelCase: KernelCase) => void, numRuns = runs): void =>
      fc.assert(fc.property(cases, check), { numRuns });

    describe.each(["plain", "packed"] as const)("gemm, A %s", (a) => {
      test.each(["plain", "patch", "panels"] as const)(
        "B %s: every beta, bias, activation, batch and layout gives the integers of its definition",
        (b) => {
          for (const kernelCase of gemmSweep(a, b, provider.capabilities.panelWidth)) good(kernelCase);
        },
      );
    });

    test.each(["plain", "packed"] as const)("gemm, depthwise, A %s: the same", (a) => {
      for (const kernelCase of gemmSweep(a, "patch", provider.capabilities.panelWidth, "depthwise")) good(kernelCase);
    });

    test("gemm: any strides, sizes, row ranges and places give the integers of their definition and touch nothing else", () => {
      property(gemmCases(provider.capabilities), good, 4 * runs);
    });

    test("gemm: any number of parts gives the same bits on real data", () => {
      const parts = fc.constantFrom(2, 3, 5, 8);
      fc.assert(
        fc.property(gemmCases(provider.capabilities), parts, (kernelCase, count) => {
          if (accepts(kernelCase)) expect(checkParts(provider, heap, kernelCase, count)).toBeUndefined();
        }),
        { numRuns: runs },
      );
    });

    test("gemm: as a program, on all threads, the same", () => {
      property(gemmCases(provider.capabilities), (kernelCase) => {
        if (accepts(kernelCase)) expect(checkBound(provider, heap, kernelCase)).toBeUndefined();
      });
    });

    const movers = {
      "copy with strides": () => copyCases(),
      "copy into panels": () => panelCopyCases(provider.capabilities),
      add: () => addCases(),
      fill: () => fillCases(),
      activate: () => activateCases(),
      transform: () => transformCases(provider.capabilities),
    };
    describe.each(Object.entries(movers))("%s", (_, cases) => {
      test("gives the elements of its definition and touches nothing else", () => property(cases(), good));
      test("any number of parts gives the same bits on real data", () => {
        fc.assert(
          fc.property(cases(), fc.constantFrom(2, 3, 7), (kernelCase, count) => {
            if (accepts(kernelCase)) expect(checkParts(provider, heap, kernelCase, count)).toBeUndefined();
          }),
          { numRuns: runs },
        );
      });
    });

    test("refuses with the declared codes, all of them and no others", () => {
      expect([...refusalCensus(provider)].sort()).toEqual([...refuses].sort());
    });

    testPacking(
      () => provider,
      () => heap,
      runs,
    );
    testQueries(
      () => provider,
      () => heap,
      accepts,
      runs,
    );
    testHeaps(open);
    testBinding(open);
  });
}
