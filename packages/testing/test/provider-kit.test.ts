import type { Heap } from "@leanconv/core";
import { defineProvider, type GemmProvider, naiveGemm, type ProviderParts } from "@leanconv/gemm";
import {
  checkCase,
  checkParts,
  gemmCases,
  type KernelCase,
  type KernelWrapper,
  moverCases,
  wrapProvider,
} from "@leanconv/testing";
import fc from "fast-check";
import { describe, expect, test } from "vitest";

const honest = (parts: Partial<ProviderParts> = {}): GemmProvider =>
  defineProvider({ name: "honest", plainGemm: naiveGemm, ...parts });

const broken = (wrap: KernelWrapper): GemmProvider => wrapProvider(honest(), wrap);

/** Providers with one mistake each, of the kind that real kernels have. */
const gemmMistakes: Record<string, GemmProvider> = {
  "reads C with beta 0": honest({
    plainGemm: (memory, product) => {
      for (let i = 0; i < product.m * product.n; i++) memory[product.c] *= 1;
      naiveGemm(memory, { ...product, beta: 1 });
    },
  }),
  "writes one element behind a row of C": broken((kernel, descriptor, heap) => ({
    run(call) {
      kernel.run(call);
      if (descriptor.kind === "gemm" && descriptor.m > 0 && call.rowEnd > call.rowBegin) {
        heap.float32[call.c + (call.rowEnd - 1) * descriptor.c.row + descriptor.cols * descriptor.c.col] = 0;
      }
    },
  })),
  "uses more scratch than it says": honest({
    query: () => ({ scratchBytes: 4, tableBytes: 0 }),
  }),
  "takes rows for flat": broken((kernel, descriptor) => ({
    run(call) {
      if (descriptor.kind === "gemm") kernel.run({ ...call, c: call.c + (descriptor.c.row % 2) * call.rowBegin });
    },
  })),
  "forgets the last row": broken((kernel) => ({ run: (call) => kernel.run({ ...call, rowEnd: call.rowEnd - 1 }) })),
  "forgets the last k": honest({ plainGemm: (memory, p) => naiveGemm(memory, { ...p, k: Math.max(0, p.k - 1) }) }),
  "writes A": broken((kernel, _, heap) => ({
    run(call) {
      kernel.run(call);
      heap.float32[call.a] += 1;
    },
  })),
  "packs one element too many": honest({
    forms: {
      packedForm: (pack) => honest().packedForm(pack),
      pack(pack, source, offset, target) {
        honest().pack(pack, source, offset, target);
        const { heap, byteOffset, bytes } = target;
        if (byteOffset + bytes < heap.bytes) heap.float32[(byteOffset + bytes) / 4] = 0;
      },
    },
  }),
};

const moverMistakes: Record<string, GemmProvider> = {
  "copies without bounds": honest({
    compile: (descriptor, heap) => {
      if (descriptor.kind !== "copy") return undefined;
      const { bounds: _, ...unbounded } = descriptor;
      return honest().compile(unbounded, heap);
    },
  }),
  "writes tiles beyond the image": honest({
    compile: (descriptor, heap) => {
      if (descriptor.kind !== "transform" || descriptor.to !== "image") return undefined;
      const { image } = descriptor;
      return honest().compile({ ...descriptor, image: { ...image, width: image.width + 1 } }, heap);
    },
  }),
  "reads tiles beyond the image": honest({
    compile: (descriptor, heap) => {
      if (descriptor.kind !== "transform" || descriptor.to !== "points") return undefined;
      const { image } = descriptor;
      return honest().compile({ ...descriptor, image: { ...image, height: image.height + 1 } }, heap);
    },
  }),
  "leaves the tail of the last panel": honest({
    compile: (descriptor, heap) => {
      if (descriptor.kind !== "copy" || descriptor.target.kind !== "panels") return undefined;
      const kernel = honest().compile(descriptor, heap);
      return { run: (call) => kernel.run({ ...call, parts: 2, part: 0 }) };
    },
  }),
  "clips sigmoid at 4": honest({
    compile: (descriptor, heap) => {
      if (descriptor.kind !== "activate" || descriptor.activation.kind !== "sigmoid") return undefined;
      return honest().compile({ ...descriptor, activation: { kind: "hard-sigmoid", alpha: 0.25, beta: 0.5 } }, heap);
    },
  }),
};

async function findings(provider: GemmProvider, cases: fc.Arbitrary<KernelCase>): Promise<(string | undefined)[]> {
  const heap: Heap = await provider.createHeap(4 << 20);
  return fc.sample(cases, { seed: 7, numRuns: 300 }).map((kernelCase) => checkCase(provider, heap, kernelCase));
}

describe("the provider kit finds a provider that", () => {
  test.each(Object.entries(gemmMistakes))("%s", async (_, provider) => {
    const found = await findings(provider, gemmCases(provider.capabilities));
    expect(found.filter((finding) => finding !== undefined).length).toBeGreaterThan(0);
  });

  test.each(Object.entries(moverMistakes))("%s", async (_, provider) => {
    const found = await findings(provider, moverCases(provider.capabilities));
    expect(found.filter((finding) => finding !== undefined).length).toBeGreaterThan(0);
  });

  test("sums in another order when it works in parts", async () => {
    const provider = broken((kernel, descriptor, heap) => ({
      run(call) {
        kernel.run(call);
        if (descriptor.kind === "gemm" && call.parts > 1 && call.part === 0) heap.float32[call.c] *= 1 + 2 ** -23;
      },
    }));
    const heap = await provider.createHeap(4 << 20);
    const cases = fc.sample(gemmCases(provider.capabilities), { seed: 7, numRuns: 100 });
    expect(cases.some((kernelCase) => checkParts(provider, heap, kernelCase, 3) !== undefined)).toBe(true);
  });

  test("makes no mistake: nothing", async () => {
    const provider = honest();
    const cases = fc.oneof(gemmCases(provider.capabilities), moverCases(provider.capabilities));
    expect((await findings(provider, cases)).filter((finding) => finding !== undefined)).toEqual([]);
  });
});
