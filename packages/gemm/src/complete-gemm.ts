import { ActivationRun } from "./activation-run.ts";
import type { GemmDescriptor, PatchB } from "./descriptor.ts";
import { levelCount } from "./levels.ts";
import type { Kernel, KernelCall } from "./provider.ts";
import { shareStart } from "./share.ts";

/** `C := A * B + beta * C` on plain strides: m x k times k x n. Offsets and strides in elements of `memory`. */
export interface PlainProduct {
  m: number;
  n: number;
  k: number;
  beta: 0 | 1;
  a: number;
  aRow: number;
  aCol: number;
  b: number;
  bRow: number;
  bCol: number;
  c: number;
  cRow: number;
  cCol: number;
}

/** The one thing a small provider must do. beta 0 must not read C; m, n or k may be 0 (k = 0 with beta 0 writes 0). */
export type PlainGemm = (memory: Float32Array, product: PlainProduct) => void;

/** The panel that patch operands are lowered into: this many k by this many pixels, never a whole patch matrix. */
export const completionPanel = { depth: 256, width: 64 } as const;

/** Scratch of a completed GEMM: one panel where B is a patch, else nothing. */
export function completionScratchBytes({ b, k, rows, cols }: GemmDescriptor): number {
  if (b.kind !== "patch") return 0;
  return 4 * Math.min(completionPanel.depth, k) * Math.min(completionPanel.width, rows * cols);
}

/**
 * Makes every GEMM of the contract from a plain one: patches go through one panel, packed panels are read in place,
 * batches and rows are loops, bias and activation a pass over the finished block.
 */
export function completeGemm(
  descriptor: GemmDescriptor,
  memory: Float32Array,
  panelWidth: number,
  plainGemm: PlainGemm,
): Kernel {
  const { a, b, c, m, k, cols, batch, beta } = descriptor;
  const depth = Math.min(completionPanel.depth, k);
  const width = Math.min(completionPanel.width, descriptor.rows * cols);
  const activation = descriptor.activation && new ActivationRun(descriptor.activation, memory);
  const batchA = batch ? batch.a * (a.kind === "plain" ? 1 : levelCount(a.pack.rows) * levelCount(a.pack.k)) : 0;
  /** Pixels lie at one distance across rows, so that a block may straddle them. */
  const flat = c.row === cols * c.col && (b.kind !== "plain" || b.row === cols * b.col);
  const product: PlainProduct = {
    ...{ m, n: 0, k, beta, a: 0, b: 0, c: 0, cRow: c.m, cCol: c.col },
    ...{ aRow: a.kind === "plain" ? a.m : levelCount(a.pack.k), aCol: a.kind === "plain" ? a.k : 1 },
    ...{
      bRow: b.kind === "plain" ? b.k : b.kind === "panels" ? panelWidth : width,
      bCol: b.kind === "plain" ? b.col : 1,
    },
  };

  /** The block of `n` pixels from (row, col), of one batch. */
  function block(call: KernelCall, index: number, row: number, col: number, n: number): void {
    const atB = call.b + index * (batch?.b ?? 0);
    product.n = n;
    product.k = k;
    product.beta = beta;
    product.a = call.a + index * batchA;
    product.c = call.c + index * (batch?.c ?? 0) + row * c.row + col * c.col;
    if (b.kind === "plain") {
      product.b = atB + row * b.row + col * b.col;
      plainGemm(memory, product);
    } else if (b.kind === "panels") {
      const column = row * cols + col;
      const panel = Math.floor(column / panelWidth);
      product.b = atB + panel * b.depth * panelWidth + (column - panel * panelWidth);
      plainGemm(memory, product);
    } else {
      product.b = call.scratch;
      for (let k0 = 0; k0 < k || k0 === 0; k0 += depth || 1) {
        product.k = Math.min(depth, k - k0);
        lowerPatch(memory, b, atB, k0, product.k, row, col, n, cols, call.scratch, width);
        plainGemm(memory, product);
        product.a += product.k * product.aCol;
        product.beta = 1;
      }
    }
    finish(call, index, n);
  }

  function finish(call: KernelCall, index: number, n: number): void {
    const bias = call.bias + index * (batch?.bias ?? 0);
    const slopes = call.slopes + index * (batch?.slopes ?? 0);
    for (let i = 0; i < m; i++) {
      const row = product.c + i * c.m;
      if (descriptor.bias) {
        const add = memory[bias + i];
        for (let j = 0; j < n; j++) memory[row + j * c.col] += add;
      }
      activation?.apply(row, c.col, n, slopes + i, 0);
    }
  }

  return {
    run(call: KernelCall): void {
      const pixels = Math.max(0, call.rowEnd - call.rowBegin) * cols;
      const end = shareStart(pixels, call.part + 1, call.parts);
      for (let index = 0; index < (batch?.count ?? 1); index++) {
        let pixel = shareStart(pixels, call.part, call.parts);
        while (pixel < end) {
          const row = call.rowBegin + Math.floor(pixel / cols);
          const col = pixel % cols;
          let n = flat ? end - pixel : Math.min(end - pixel, cols - col);
          if (b.kind === "patch") n = Math.min(n, width);
          if (b.kind === "panels") n = Math.min(n, panelWidth - ((row * cols + col) % panelWidth));
          block(call, index, row, col, n);
          pixel += n;
        }
      }
    },
  };
}

/** Rows k0 to k0 + depth of the patch matrix, `n` pixels from (row, col), as a matrix with `width` columns. */
function lowerPatch(
  memory: Float32Array,
  b: PatchB,
  origin: number,
  k0: number,
  depth: number,
  row: number,
  col: number,
  n: number,
  cols: number,
  target: number,
  width: number,
): void {
  for (let i = 0; i < depth; i++) {
    const tapIndex = Math.floor((k0 + i) / b.channels);
    const tap = b.taps[tapIndex];
    const channel = origin + (k0 + i - tapIndex * b.channels) * b.channel;
    let y = row;
    let x = col;
    let to = target + i * width;
    for (let j = 0; j < n; j++) {
      const line = y * b.sh + tap.dy;
      const column = x * b.sw + tap.dx;
      const inside = line >= 0 && line < b.ih && column >= 0 && column < b.iw;
      memory[to++] = inside ? memory[channel + line * b.line + column * b.col] : 0;
      if (++x === cols) {
        x = 0;
        y++;
      }
    }
  }
}
