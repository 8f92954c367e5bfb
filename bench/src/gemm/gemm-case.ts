import type { Heap } from "@leanconv/core";
import {
  type Executable,
  type GemmDescriptor,
  type GemmProvider,
  type PackDescriptor,
  serial,
  workspaceNeeds,
} from "@leanconv/gemm";
import { randomFrom } from "../layer-values.ts";
import type { GemmShape } from "./gemm-shapes.ts";
import { matrixB, placeInB } from "./matrix-b.ts";
import { naiveProduct } from "./naive-gemm.ts";

/** A shape with memory: the product as a provider runs it, and the same product as the naive loop runs it. */
export interface GemmCase {
  readonly run: () => void;
  readonly operands: GemmOperands;
  /** Makes the naive loop, with arrays of its own. */
  readonly naive: () => () => void;
  /** Runs the product and throws where it is wrong: everywhere if it is small, else at some hundred places. */
  readonly check: () => void;
  readonly dispose: () => void;
}

/** Where a product reads and writes: weights in the provider's form, pixels, C. */
export interface GemmOperands {
  readonly packed: Float32Array;
  readonly pixels: Float32Array;
  readonly result: Float32Array;
}

const checkedPlaces = 500;

/** Weights are packed beforehand, as in every convolution; B is plain or a patch of the image. */
export async function gemmCase(shape: GemmShape, provider: GemmProvider, threads: number): Promise<GemmCase> {
  const { m, k, rows, cols, b, layout } = shape;
  const n = rows * cols;
  const pack: PackDescriptor = { kind: "pack", dtype: "float32", batch: [], rows: [[m, k]], k: [[k, 1]], layout };
  const c = layout === "nchw" ? { m: n, row: cols, col: 1 } : { m: 1, row: cols * m, col: m };
  const descriptor: GemmDescriptor = {
    ...{ kind: "gemm", dtype: "float32", m, k, rows, cols, beta: 0 },
    ...{ a: { kind: "packed", pack }, b, c },
  };
  const sizeB = b.kind === "plain" ? k * n : b.channels * b.ih * b.iw;
  const program = {
    operands: [
      { name: "a", access: "read", pack },
      { name: "b", access: "read", extent: [0, sizeB] },
      { name: "c", access: "write", extent: [0, m * n] },
    ],
    slots: [],
    kernels: [descriptor],
    body: [serial({ kernel: 0, at: { a: { of: "a", at: 0 }, b: { of: "b", at: 0 }, c: { of: "c", at: 0 } } })],
  } as const;
  const { workspaceBytes, tableBytes } = workspaceNeeds(program, provider, threads);
  const packedBytes = provider.packedForm(pack).bytes;
  const { alignBytes, reservedBytes } = provider.capabilities;
  const bytes = reservedBytes + packedBytes + 4 * (sizeB + m * n) + workspaceBytes + tableBytes + 5 * alignBytes;
  const heap: Heap = await provider.createHeap(bytes);
  const random = randomFrom(1);
  const weights = new Float32Array(m * k).map(random);
  const packed = heap.allocate(packedBytes, "a");
  provider.pack(pack, weights, 0, packed);
  const pixels = heap.allocate(4 * sizeB, "b");
  for (let i = 0; i < sizeB; i++) pixels.float32[i] = random();
  const result = heap.allocate(4 * m * n, "c");
  result.float32.fill(Number.NaN);
  const workspace = heap.allocate(workspaceBytes, "workspace");
  const executable: Executable = provider.bind(program, {
    ...{ heap, workspace, threads },
    operands: {
      a: { data: packed.float32, offset: 0 },
      b: { data: pixels.float32, offset: 0 },
      c: { data: result.float32, offset: 0 },
    },
  });
  return {
    run: () => executable.run(),
    operands: { packed: packed.float32, pixels: pixels.float32, result: result.float32 },
    naive() {
      const matrix = matrixB(shape, pixels.float32);
      const target = new Float32Array(m * n);
      return () => naiveProduct(weights, matrix, target, m, n, k);
    },
    check() {
      executable.run();
      const whole = m * n <= checkedPlaces;
      for (let i = 0; i < Math.min(checkedPlaces, m * n); i++) {
        const place = whole ? i : Math.floor((random() + 0.5) * m * n);
        const row = Math.floor(place / n);
        const wanted = sumAt(shape, weights, pixels.float32, row, place % n);
        const got = result.float32[row * c.m + (place % n) * c.col];
        if (Math.abs(wanted - got) <= 2 ** -24 * k) continue;
        throw new Error(`${shape.name} ${layout}: element ${place} is ${got}, not ${wanted}`);
      }
    },
    dispose: () => heap.dispose(),
  };
}

/** One element of the product, summed in double precision. */
function sumAt(shape: GemmShape, a: Float32Array, pixels: Float32Array, row: number, n: number): number {
  let sum = 0;
  for (let k = 0; k < shape.k; k++) {
    const place = placeInB(shape, k, n);
    if (place !== undefined) sum += a[row * shape.k + k] * pixels[place];
  }
  return sum;
}
