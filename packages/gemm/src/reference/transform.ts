import { ActivationRun } from "../activation-run.ts";
import type { TransformDescriptor } from "../descriptor.ts";
import type { Kernel, KernelCall } from "../provider.ts";
import { shareStart } from "../share.ts";
import { winogradMatrices } from "../winograd.ts";

/** The tile transforms written out: gather, two small products with float64 sums, scatter. Any strides. */
export function compileTransform(descriptor: TransformDescriptor, memory: Float32Array, panelWidth: number): Kernel {
  const { tile, to, channels, grid, image, points } = descriptor;
  const matrix = winogradMatrices[tile][to === "points" ? "input" : "output"];
  const p = matrix.length;
  const q = tile + 2;
  const factors = Float64Array.from(matrix.flat());
  const x = new Float64Array(q * q);
  const half = new Float64Array(p * q);
  const y = new Float64Array(p * p);
  const activation = descriptor.activation && new ActivationRun(descriptor.activation, memory);
  const slopeStep = descriptor.activation?.kind === "prelu" ? 1 : 0;

  /** y := matrix * x * matrix'. */
  function transform(): void {
    for (let i = 0; i < p; i++) {
      for (let j = 0; j < q; j++) {
        let sum = 0;
        for (let k = 0; k < q; k++) sum += factors[i * q + k] * x[k * q + j];
        half[i * q + j] = sum;
      }
    }
    for (let i = 0; i < p; i++) {
      for (let j = 0; j < p; j++) {
        let sum = 0;
        for (let k = 0; k < q; k++) sum += half[i * q + k] * factors[j * q + k];
        y[i * p + j] = sum;
      }
    }
  }

  function readImage(at: number, line: number, column: number): void {
    for (let i = 0; i < q; i++) {
      for (let j = 0; j < q; j++) {
        const inside = line + i >= 0 && line + i < image.height && column + j >= 0 && column + j < image.width;
        x[i * q + j] = inside ? memory[at + (line + i) * image.line + (column + j) * image.col] : 0;
      }
    }
  }

  function writeImage(at: number, line: number, column: number, bias: number, slope: number): void {
    const columns = Math.min(p, image.width - column);
    for (let i = 0; i < p && line + i < image.height; i++) {
      const first = at + (line + i) * image.line + column * image.col;
      for (let j = 0; j < columns; j++) memory[first + j * image.col] = y[i * p + j] + bias;
      activation?.apply(first, image.col, columns, slope, 0);
    }
  }

  /** Where a point of a channel and a tile lies, without the point's own offset. */
  function place(channel: number, index: number): number {
    if (points.kind === "strided") return channel * points.channel + index * points.tile;
    const lane = index % panelWidth;
    return (index - lane) * points.depth + channel * panelWidth + lane;
  }

  return {
    run(call: KernelCall): void {
      const count = Math.max(0, call.rowEnd - call.rowBegin);
      const end = shareStart(channels, call.part + 1, call.parts);
      for (let channel = shareStart(channels, call.part, call.parts); channel < end; channel++) {
        for (let index = 0; index < count; index++) {
          const tileLine = Math.floor((call.rowBegin + index) / grid[1]);
          const line = image.top + tileLine * tile;
          const column = image.left + (call.rowBegin + index - tileLine * grid[1]) * tile;
          const at = place(channel, index);
          if (to === "points") {
            readImage(call.source + channel * image.channel, line, column);
            transform();
            for (let point = 0; point < p * p; point++) memory[call.target + at + point * points.point] = y[point];
          } else {
            for (let point = 0; point < q * q; point++) x[point] = memory[call.source + at + point * points.point];
            transform();
            const bias = descriptor.bias ? memory[call.bias + channel] : 0;
            writeImage(call.target + channel * image.channel, line, column, bias, call.slopes + channel * slopeStep);
          }
        }
        if (points.kind !== "panels") continue;
        for (let index = count; index % panelWidth !== 0; index++) {
          const at = call.target + place(channel, index);
          for (let point = 0; point < p * p; point++) memory[at + point * points.point] = 0;
        }
      }
    },
  };
}
