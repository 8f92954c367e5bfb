// Prints, as JSON, how many bytes of JavaScript heap one run of each kind of GEMM takes. Started by allocation.test.ts.

import { type HeapProfiler, Session } from "node:inspector/promises";
import type { Activation, GemmDescriptor } from "@leanconv/gemm";
import { jsGemm } from "../src/index.ts";

const pack = { kind: "pack", dtype: "float32", batch: [], rows: [[6, 18]], k: [[18, 1]] } as const;
const base = { kind: "gemm", dtype: "float32", m: 6, k: 18, rows: 3, cols: 5, beta: 0 } as const;
const c = { m: 15, row: 5, col: 1 };
const plainA = { kind: "plain", m: 18, k: 1 } as const;
const packedA = { kind: "packed", pack } as const;
const plainB = { kind: "plain", k: 15, row: 5, col: 1 } as const;
const grid = Array.from({ length: 9 }, (_, i) => ({ dy: Math.floor(i / 3) - 1, dx: (i % 3) - 1 }));
const image = { kind: "patch", ih: 3, iw: 5, sh: 1, sw: 1, channel: 15, line: 5, col: 1 } as const;
const patchB = { ...image, channels: 2, taps: grid };
const activations: readonly Activation[] = [
  { kind: "relu" },
  { kind: "leaky-relu", alpha: 0.3 },
  { kind: "prelu" },
  { kind: "elu", alpha: 1.5 },
  { kind: "sigmoid" },
  { kind: "hard-sigmoid", alpha: 0.2, beta: 0.5 },
  { kind: "hard-swish" },
  { kind: "tanh" },
];

const descriptors: Record<string, GemmDescriptor> = {
  "plain A, plain B": { ...base, a: plainA, b: plainB, c },
  "packed A, plain B": { ...base, a: packedA, b: plainB, c, beta: 1 },
  patch: { ...base, a: packedA, b: patchB, c, bias: true },
  window: { ...base, k: 2, a: packedA, b: { ...image, channels: 2, taps: [{ dy: 1, dx: -1 }] }, c, beta: 1 },
  panels: { ...base, a: packedA, b: { kind: "panels", depth: 18 }, c },
  batch: { ...base, a: plainA, b: plainB, c, batch: { count: 3, a: 108, b: 270, c: 90 } },
  depthwise: {
    ...{ ...base, m: 1, k: 9, a: { kind: "plain", m: 9, k: 1 }, b: { ...image, channels: 1, taps: grid }, c },
    batch: { count: 4, a: 9, b: 15, c: 15 },
  },
  ...Object.fromEntries(
    activations.map((activation) => [activation.kind, { ...base, a: packedA, b: plainB, c, bias: true, activation }]),
  ),
};

const provider = jsGemm({ kc: 16, nc: 8 });
const heap = await provider.createHeap(2 ** 16);
heap.float32.forEach((_, i) => {
  heap.float32[i] = (i % 11) / 7 - 0.8;
});

const session = new Session();
session.connect();

/**
 * Sampled by the engine and so with what a collection took back in between, which a difference of heap sizes misses.
 * Offsets arrive as doubles, as programs make them.
 */
async function bytesPerRun(descriptor: GemmDescriptor): Promise<number> {
  const kernel = provider.compile(descriptor, heap);
  const double = Float64Array.of(16, 1024, 4096, 8000, 8100, 8192);
  const call = {
    ...{ a: 0.5, b: 0.5, c: 0.5, bias: 0.5, slopes: 0.5, source: 0.5, target: 0.5, values: 0.5 },
    ...{ rowBegin: 0, rowEnd: descriptor.rows, scratch: 0.5, part: 0, parts: 1 },
  };
  const runs = (count: number): void => {
    for (let i = 0; i < count; i++) {
      call.a = double[0];
      call.b = double[1];
      call.c = double[2];
      call.bias = double[3];
      call.slopes = double[4];
      call.scratch = double[5];
      kernel.run(call);
    }
  };
  // Warm before, by many calls: the interpreter boxes every number.
  for (let i = 0; i < 20; i++) runs(1000);
  const count = 10_000;
  const options = { includeObjectsCollectedByMajorGC: true, includeObjectsCollectedByMinorGC: true };
  await session.post("HeapProfiler.startSampling", { samplingInterval: 256, ...options });
  runs(count);
  const { profile } = await session.post("HeapProfiler.stopSampling");
  return sizeOf(profile.head) / count;
}

function sizeOf({ selfSize, children }: HeapProfiler.SamplingHeapProfileNode): number {
  return children.reduce((sum, child) => sum + sizeOf(child), selfSize);
}

for (const descriptor of Object.values(descriptors)) await bytesPerRun(descriptor);
const results: Record<string, number> = {};
for (const [name, descriptor] of Object.entries(descriptors)) results[name] = await bytesPerRun(descriptor);
process.stdout.write(JSON.stringify(results));
