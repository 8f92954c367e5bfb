import type { Heap } from "@leanconv/core";
import type { GemmDescriptor, GemmProvider, KernelCall, PackDescriptor, PatchB } from "@leanconv/gemm";

// Rows and pixels that leave a remainder with every tile, and a depth that leaves one with every unrolling.
const channels = 23;
const side = 7;
const taps = [0, 1, 2].flatMap((y) => [0, 1, 2].map((x) => ({ dy: y - 1, dx: x - 1 })));
const pixels = side * side;

function patch(layout: "nchw" | "nhwc", count: number): PatchB {
  const strides = layout === "nchw" ? [pixels, side, 1] : [1, side * channels, channels];
  const [channel, line, col] = strides;
  return { kind: "patch", channels: count, taps, ih: side, iw: side, sh: 1, sw: 1, channel, line, col };
}

/** A 3x3 convolution in one layout: by a product over all channels, or of each channel alone. */
function product(layout: "nchw" | "nhwc", depthwise: boolean): GemmDescriptor {
  const [m, k] = depthwise ? [1, 9] : [channels, 9 * channels];
  const pack: PackDescriptor = {
    ...{ kind: "pack", dtype: "float32", layout, rows: [[m, k]], k: [[k, 1]] },
    batch: depthwise ? [[channels, 9]] : [],
  };
  const planes = layout === "nchw";
  const apart = planes ? pixels : 1;
  return {
    ...{ kind: "gemm", dtype: "float32", m, k, rows: side, cols: side, beta: 0, activation: { kind: "relu" } },
    ...{ a: { kind: "packed", pack }, b: patch(layout, depthwise ? 1 : channels) },
    c: planes ? { m: pixels, row: side, col: 1 } : { m: 1, row: side * channels, col: channels },
    ...(depthwise && { batch: { count: channels, a: 1, b: apart, c: apart } }),
  };
}

const products: Readonly<Record<string, GemmDescriptor>> = {
  planes: product("nchw", false),
  pixels: product("nhwc", false),
  "depthwise planes": product("nchw", true),
  "depthwise pixels": product("nhwc", true),
};

/** The bits of every kind of product on fixed made-up numbers. Makes a heap for the time being. */
export async function checkedProducts(provider: GemmProvider): Promise<Readonly<Record<string, Int32Array>>> {
  const heap = await provider.createHeap(1 << 20);
  const bits: Record<string, Int32Array> = {};
  for (const [name, descriptor] of Object.entries(products)) bits[name] = run(provider, heap, descriptor);
  heap.dispose();
  return bits;
}

/** Where two providers differ. */
export function firstDifference(
  wanted: Readonly<Record<string, Int32Array>>,
  got: Readonly<Record<string, Int32Array>>,
): string | undefined {
  return Object.keys(wanted).find((name) => wanted[name].some((bits, i) => bits !== got[name][i]));
}

function run(provider: GemmProvider, heap: Heap, descriptor: GemmDescriptor): Int32Array {
  const mark = heap.mark();
  const { a } = descriptor;
  if (a.kind !== "packed") throw new TypeError("constants are packed here");
  const image = heap.allocate(4 * channels * pixels);
  const output = heap.allocate(4 * channels * pixels);
  const weights = heap.allocate(provider.packedForm(a.pack).bytes);
  const scratch = heap.allocate(provider.query(descriptor).scratchBytes);
  fill(image.float32, 1);
  provider.pack(a.pack, fill(new Float32Array(9 * channels * channels), 2), 0, weights);
  const call: KernelCall = {
    ...{
      a: weights.byteOffset / 4,
      b: image.byteOffset / 4,
      c: output.byteOffset / 4,
      scratch: scratch.byteOffset / 4,
    },
    ...{ bias: 0, slopes: 0, source: 0, target: 0, values: 0, rowBegin: 0, rowEnd: side, part: 0, parts: 1 },
  };
  provider.compile(descriptor, heap).run(call);
  const bits = new Int32Array(heap.buffer, output.byteOffset, channels * pixels).slice();
  heap.release(mark);
  return bits;
}

/** Numbers between -1 and 1 whose sums round. */
function fill(values: Float32Array, seed: number): Float32Array {
  let state = seed;
  for (let i = 0; i < values.length; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    values[i] = state / 2 ** 31;
  }
  return values;
}
