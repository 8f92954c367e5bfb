import type { Heap } from "@leanconv/core";
import {
  type Executable,
  type GemmDescriptor,
  type GemmProvider,
  type PackDescriptor,
  serial,
  workspaceNeeds,
} from "@leanconv/gemm";
import type { GemmShape } from "./gemm-shapes.ts";
import { naiveProduct } from "./naive-gemm.ts";

/** A shape with memory: the product as a provider runs it, and the same product as the naive loop runs it. */
export interface GemmCase {
  readonly run: () => void;
  readonly naive: () => void;
  /** Runs both and throws where their results differ. */
  readonly check: () => void;
  readonly dispose: () => void;
}

/** Weights are packed beforehand, as in every convolution; B is plain or a patch of the image. */
export async function gemmCase(shape: GemmShape, provider: GemmProvider, threads: number): Promise<GemmCase> {
  const { m, k, rows, cols, b } = shape;
  const n = rows * cols;
  const pack: PackDescriptor = { kind: "pack", dtype: "float32", batch: [], rows: [[m, k]], k: [[k, 1]] };
  const c = { m: n, row: cols, col: 1 };
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
  const { workspaceBytes } = workspaceNeeds(program, provider, threads);
  const packedBytes = provider.packedForm(pack).bytes;
  const { alignBytes, reservedBytes } = provider.capabilities;
  const bytes = reservedBytes + packedBytes + 4 * (sizeB + m * n) + workspaceBytes + 4 * alignBytes;
  const heap: Heap = await provider.createHeap(bytes);
  const random = randomFrom(1);
  const weights = new Float32Array(m * k).map(random);
  const packed = heap.allocate(packedBytes, "a");
  provider.pack(pack, weights, 0, packed);
  const pixels = heap.allocate(4 * sizeB, "b");
  for (let i = 0; i < sizeB; i++) pixels.float32[i] = random();
  const result = heap.allocate(4 * m * n, "c");
  const workspace = heap.allocate(workspaceBytes, "workspace");
  const executable: Executable = provider.bind(program, {
    ...{ heap, workspace, threads },
    operands: {
      a: { data: packed.float32, offset: 0 },
      b: { data: pixels.float32, offset: 0 },
      c: { data: result.float32, offset: 0 },
    },
  });
  const matrix = matrixB(shape, pixels.float32);
  const wanted = new Float32Array(m * n);
  const run = (): void => executable.run();
  const naive = (): void => naiveProduct(weights, matrix, wanted, m, n, k);
  return {
    run,
    naive,
    check() {
      run();
      naive();
      const allowed = 2 ** -24 * k;
      const wrong = wanted.findIndex((value, i) => !(Math.abs(value - result.float32[i]) <= allowed));
      if (wrong >= 0)
        throw new Error(`${shape.name}: element ${wrong} is ${result.float32[wrong]}, not ${wanted[wrong]}`);
    },
    dispose: () => heap.dispose(),
  };
}

/** B as a row-major matrix, built whole. */
function matrixB({ k, rows, cols, b }: GemmShape, pixels: Float32Array): Float32Array {
  if (b.kind === "plain") return pixels.slice(0, k * rows * cols);
  const matrix = new Float32Array(k * rows * cols);
  let to = 0;
  for (const { dy, dx } of b.taps) {
    for (let channel = 0; channel < b.channels; channel++) {
      for (let row = 0; row < rows; row++) {
        for (let col = 0; col < cols; col++) {
          const y = row * b.sh + dy;
          const x = col * b.sw + dx;
          const inside = y >= 0 && y < b.ih && x >= 0 && x < b.iw;
          matrix[to++] = inside ? pixels[channel * b.channel + y * b.line + x * b.col] : 0;
        }
      }
    }
  }
  return matrix;
}

/** Numbers in [-0.5, 0.5), the same on every run. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32 - 0.5;
  };
}
