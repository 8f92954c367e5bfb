import {
  type ActivateDescriptor,
  type AddDescriptor,
  activationFunction,
  type Bound,
  type CopyDescriptor,
  type FillDescriptor,
  type GemmDescriptor,
  type KernelCall,
  type KernelDescriptor,
  levelCount,
  type TransformDescriptor,
} from "@leanconv/gemm";
import { forEachIndex, offsetOf } from "./strides.ts";
import { winogradMatrices } from "./winograd-matrices.ts";

/**
 * What a descriptor says, one element after the other and nothing else: no clipping, no runs, no parts. The kit compares
 * with this and not with the reference of the contract, which completes other providers and may be made faster. Packed A
 * is plain [batch][row][k].
 */
export function runDefinition(d: KernelDescriptor, memory: Float32Array, panelWidth: number, call: KernelCall): void {
  if (d.kind === "gemm") defineGemm(d, memory, panelWidth, call);
  else if (d.kind === "copy") defineCopy(d, memory, panelWidth, call);
  else if (d.kind === "transform") defineTransform(d, memory, panelWidth, call);
  else defineElementwise(d, memory, call);
}

function defineElementwise(
  d: AddDescriptor | FillDescriptor | ActivateDescriptor,
  memory: Float32Array,
  call: KernelCall,
): void {
  const activate = activationFunction(d.kind === "activate" ? d.activation : undefined);
  forEachIndex(d.extents, (index) => {
    const row = "rows" in d && d.rows !== undefined ? index[d.rows] : call.rowBegin;
    if (row < call.rowBegin || row >= call.rowEnd) return;
    const at = call.target + offsetOf(d.target, index);
    if (d.kind === "add") memory[at] += memory[call.source + offsetOf(d.source, index)];
    else if (d.kind === "activate") {
      memory[at] = activate(memory[at], d.slopes ? memory[call.slopes + offsetOf(d.slopes, index)] : 0);
    } else {
      memory[at] = typeof d.value === "number" ? d.value : memory[call.values + offsetOf(d.value.values, index)];
    }
  });
}

function isInside(bound: Bound, index: readonly number[], extra = 0): boolean {
  const coordinate = bound.offset + offsetOf(bound.steps, index.slice(0, bound.steps.length)) + extra;
  return coordinate >= 0 && coordinate < bound.extent;
}

function defineCopy(d: CopyDescriptor, memory: Float32Array, panelWidth: number, call: KernelCall): void {
  const { rows, target } = d;
  const ks = new Set<number>();
  let columns = 0;
  const placeOf = (k: number, column: number, depth: number): number => {
    const lane = column % panelWidth;
    return call.target + ((column - lane) / panelWidth) * depth * panelWidth + k * panelWidth + lane;
  };
  forEachIndex(d.extents, (index) => {
    if (rows !== undefined && (index[rows] < call.rowBegin || index[rows] >= call.rowEnd)) return;
    const inside = (d.bounds ?? []).every((bound) => isInside(bound, index));
    const value = inside ? memory[call.source + offsetOf(d.source, index)] : 0;
    const written = index.map((i, axis) => (axis === rows ? i - call.rowBegin : i));
    if (target.kind === "strided") {
      memory[call.target + offsetOf(target.strides, written)] = value;
      return;
    }
    const [k, column] = [offsetOf(target.k, written), offsetOf(target.col, written)];
    memory[placeOf(k, column, target.depth)] = value;
    ks.add(k);
    columns = Math.max(columns, column + 1);
  });
  if (target.kind === "strided") return;
  for (const k of ks) {
    for (let column = columns; column % panelWidth !== 0; column++) memory[placeOf(k, column, target.depth)] = 0;
  }
}

function defineTransform(d: TransformDescriptor, memory: Float32Array, panelWidth: number, call: KernelCall): void {
  const { tile, to, image, points } = d;
  const q = tile + 2;
  const matrix = winogradMatrices[`${to === "points" ? "input" : "output"}${tile}`];
  const p = matrix.length;
  const activate = activationFunction(d.activation);
  const placeOf = (point: number, channel: number, index: number): number => {
    if (points.kind === "strided") return point * points.point + channel * points.channel + index * points.tile;
    const lane = index % panelWidth;
    return point * points.point + (index - lane) * points.depth + channel * panelWidth + lane;
  };
  const tiles = call.rowEnd - call.rowBegin;
  forEachIndex([d.channels, tiles], ([channel, index]) => {
    const first = call.rowBegin + index;
    const line = image.top + Math.floor(first / d.grid[1]) * tile;
    const column = image.left + (first % d.grid[1]) * tile;
    const pixel = (i: number, j: number): number | undefined => {
      const [y, x] = [line + i, column + j];
      if (y < 0 || y >= image.height || x < 0 || x >= image.width) return undefined;
      return channel * image.channel + y * image.line + x * image.col;
    };
    const element = (s: number, t: number): number => {
      if (to === "image") return memory[call.source + placeOf(s * q + t, channel, index)];
      const at = pixel(s, t);
      return at === undefined ? 0 : memory[call.source + at];
    };
    const bias = d.bias ? memory[call.bias + channel] : 0;
    const slope = d.activation?.kind === "prelu" ? memory[call.slopes + channel] : 0;
    forEachIndex([p, p], ([i, j]) => {
      let sum = bias;
      forEachIndex([q, q], ([s, t]) => {
        sum += matrix[i][s] * element(s, t) * matrix[j][t];
      });
      const at = to === "image" ? pixel(i, j) : placeOf(i * p + j, channel, index);
      if (at !== undefined) memory[call.target + at] = activate(sum, slope);
    });
  });
  if (points.kind !== "panels" || tiles % panelWidth === 0) return;
  forEachIndex([p * p, d.channels, panelWidth - (tiles % panelWidth)], ([point, channel, behind]) => {
    memory[call.target + placeOf(point, channel, tiles + behind)] = 0;
  });
}

function defineGemm(d: GemmDescriptor, memory: Float32Array, panelWidth: number, call: KernelCall): void {
  const { a, b, c, batch } = d;
  const activate = activationFunction(d.activation);
  const depth = a.kind === "packed" ? levelCount(a.pack.k) : 0;
  const [rowStride, kStride] = a.kind === "plain" ? [a.m, a.k] : [depth, 1];
  const batchA = (batch?.a ?? 0) * (a.kind === "plain" ? 1 : levelCount(a.pack.rows) * depth);
  const valueB = (at: number, k: number, row: number, col: number): number => {
    if (b.kind === "plain") return memory[at + k * b.k + row * b.row + col * b.col];
    if (b.kind === "panels") {
      const column = row * d.cols + col;
      const lane = column % panelWidth;
      return memory[at + (column - lane) * b.depth + k * panelWidth + lane];
    }
    const { dy, dx } = b.taps[Math.floor(k / b.channels)];
    const [line, column] = [row * b.sh + dy, col * b.sw + dx];
    if (line < 0 || line >= b.ih || column < 0 || column >= b.iw) return 0;
    return memory[at + (k % b.channels) * b.channel + line * b.line + column * b.col];
  };
  for (let index = 0; index < (batch?.count ?? 1); index++) {
    const atB = call.b + index * (batch?.b ?? 0);
    for (let i = 0; i < d.m; i++) {
      const atA = call.a + index * batchA + i * rowStride;
      const bias = d.bias ? memory[call.bias + index * (batch?.bias ?? 0) + i] : 0;
      const slope = d.activation?.kind === "prelu" ? memory[call.slopes + index * (batch?.slopes ?? 0) + i] : 0;
      for (let row = call.rowBegin; row < call.rowEnd; row++) {
        for (let col = 0; col < d.cols; col++) {
          const at = call.c + index * (batch?.c ?? 0) + i * c.m + row * c.row + col * c.col;
          let sum = d.beta === 0 ? 0 : memory[at];
          for (let k = 0; k < d.k; k++) sum += memory[atA + k * kStride] * valueB(atB, k, row, col);
          memory[at] = activate(sum + bias, slope);
        }
      }
    }
  }
}
