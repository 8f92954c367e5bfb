// Prints, as JSON, how many bytes of JavaScript heap one run of each kind of GEMM takes. Started by allocation.test.ts.

import type { Activation, GemmDescriptor } from "@leanconv/gemm";
import { jsGemm } from "../src/index.ts";

declare const gc: () => void;

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

/** Alone in a function, so that the engine compiles it and nothing else runs in between. */
function bytesPerRun(descriptor: GemmDescriptor): number {
  const kernel = provider.compile(descriptor, heap);
  const call = {
    ...{ a: 16, b: 1024, c: 4096, bias: 8000, slopes: 8100, source: 0, target: 0, values: 0 },
    ...{ rowBegin: 0, rowEnd: descriptor.rows, scratch: 8192, part: 0, parts: 1 },
  };
  const runs = 20_000;
  for (let i = 0; i < runs; i++) kernel.run(call);
  // The least of some: the engine itself allocates now and then, when it compiles something.
  let least = Number.POSITIVE_INFINITY;
  for (let sample = 0; sample < 5; sample++) {
    gc();
    const before = process.memoryUsage().heapUsed;
    for (let i = 0; i < runs; i++) kernel.run(call);
    least = Math.min(least, (process.memoryUsage().heapUsed - before) / runs);
  }
  return least;
}

const results = Object.entries(descriptors).map(([name, descriptor]) => [name, bytesPerRun(descriptor)]);
process.stdout.write(JSON.stringify(Object.fromEntries(results)));
