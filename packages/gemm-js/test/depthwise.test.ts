import { type Activation, compileReference, type GemmDescriptor, type KernelCall } from "@leanconv/gemm";
import { randomFrom } from "@leanconv/testing";
import { describe, expect, test } from "vitest";
import { jsGemm } from "../src/index.ts";

interface Window {
  readonly size: number;
  readonly kernel: number;
  readonly stride: number;
  readonly dilation: number;
  readonly pad: number;
}

const windows: readonly Window[] = [
  { size: 14, kernel: 3, stride: 1, dilation: 1, pad: 1 },
  { size: 13, kernel: 3, stride: 2, dilation: 1, pad: 1 },
  { size: 9, kernel: 5, stride: 1, dilation: 1, pad: 2 },
  { size: 11, kernel: 3, stride: 1, dilation: 2, pad: 2 },
  { size: 7, kernel: 3, stride: 3, dilation: 1, pad: 0 },
  // Every pixel has taps outside.
  { size: 2, kernel: 3, stride: 1, dilation: 1, pad: 1 },
  { size: 1, kernel: 3, stride: 1, dilation: 1, pad: 2 },
];

const channels = 6;

function descriptorOf(window: Window, nhwc: boolean, beta: 0 | 1, activation: Activation | undefined): GemmDescriptor {
  const { size, kernel, stride, dilation, pad } = window;
  const out = Math.floor((size + 2 * pad - dilation * (kernel - 1) - 1) / stride) + 1;
  const taps = Array.from({ length: kernel * kernel }, (_, tap) => ({
    dy: Math.floor(tap / kernel) * dilation - pad,
    dx: (tap % kernel) * dilation - pad,
  }));
  const image = nhwc ? { channel: 1, line: size * channels, col: channels } : { channel: 1, line: size, col: 1 };
  return {
    ...{ kind: "gemm", dtype: "float32", m: 1, k: taps.length, rows: out, cols: out, beta, bias: true },
    a: { kind: "plain", m: 1, k: nhwc ? channels : 1 },
    b: { kind: "patch", channels: 1, taps, ih: size, iw: size, sh: stride, sw: stride, ...image },
    c: nhwc ? { m: 1, row: out * channels, col: channels } : { m: 1, row: out, col: 1 },
    ...(activation && { activation }),
    batch: {
      ...{ count: channels, a: nhwc ? 1 : taps.length, b: nhwc ? 1 : size * size, c: nhwc ? 1 : out * out },
      ...{ bias: 1, slopes: 1 },
    },
  };
}

const activations: readonly (Activation | undefined)[] = [
  undefined,
  { kind: "relu6" },
  { kind: "clip", max: 3 },
  { kind: "prelu" },
];

describe.each(windows)("depthwise $kernel x $kernel, stride $stride, dilation $dilation, $size x $size", (window) => {
  test.each([false, true])("channels innermost: %s; equals the reference, in any parts", async (nhwc) => {
    const provider = jsGemm();
    const heap = await provider.createHeap(2 ** 17);
    const random = randomFrom(1);
    for (const beta of [0, 1] as const) {
      for (const activation of activations) {
        const descriptor = descriptorOf(window, nhwc, beta, activation);
        expect(provider.query(descriptor).scratchBytes).toBe(0);
        const memory = heap.float32.map(() => Math.floor(random() * 9) - 4);
        if (beta === 0) memory.fill(Number.NaN, 4096, 8192);
        const wanted = memory.slice();
        const call: KernelCall = {
          ...{ a: 1024, b: 2049, c: 4099, bias: 7, slopes: 31, source: 0, target: 0, values: 0 },
          ...{ rowBegin: 0, rowEnd: descriptor.rows, scratch: 0, part: 0, parts: 1 },
        };
        compileReference(descriptor, wanted, 4).run(call);
        const kernel = provider.compile(descriptor, heap);
        for (const parts of [1, 3, 50]) {
          heap.float32.set(memory);
          for (let part = 0; part < parts; part++) kernel.run({ ...call, part, parts });
          expect(heap.float32.findIndex((value, i) => !sameNumber(value, wanted[i]))).toBe(-1);
        }
      }
    }
  });
});

function sameNumber(a: number, b: number): boolean {
  return a === b || (Number.isNaN(a) && Number.isNaN(b));
}
