import { ActivationRun, type Kernel, type KernelCall, shareStart, type TransformDescriptor } from "@leanconv/gemm";
import { nr } from "./tile.ts";
import { inputPass, outputPass } from "./winograd-pass.ts";

const none = new Float64Array(0);

/**
 * Winograd's tile transforms in doubles: a tile is read with its zeros, goes through both sides of the transform in
 * two small arrays, and is written. Allocates the arrays.
 */
export class TileTransform implements Kernel {
  readonly #d: TransformDescriptor;
  readonly #memory: Float32Array;
  readonly #x: Float64Array;
  readonly #half: Float64Array;
  readonly #y: Float64Array;
  readonly #activation: ActivationRun | undefined;
  readonly #slopeStep: number;

  constructor(descriptor: TransformDescriptor, memory: Float32Array) {
    const side = descriptor.tile + 2;
    this.#d = descriptor;
    this.#memory = memory;
    this.#x = new Float64Array(side * side);
    this.#half = new Float64Array(side * side);
    this.#y = descriptor.to === "points" ? new Float64Array(side * side) : new Float64Array(descriptor.tile ** 2);
    this.#activation = descriptor.activation && new ActivationRun(descriptor.activation, memory);
    this.#slopeStep = descriptor.activation?.kind === "prelu" ? 1 : 0;
  }

  run(call: KernelCall): void {
    const { channels, points, to } = this.#d;
    const count = call.rowEnd - call.rowBegin;
    const end = shareStart(channels, call.part + 1, call.parts);
    for (let channel = shareStart(channels, call.part, call.parts); channel < end; channel++) {
      for (let index = 0; index < count; index++) {
        if (to === "points") this.#toPoints(call, channel, index);
        else this.#toImage(call, channel, index);
      }
      if (points.kind !== "panels") continue;
      for (let index = count; index % nr !== 0; index++) this.#scatter(call.target + this.#place(channel, index), none);
    }
  }

  /** Where the first point of a channel and a tile lies. */
  #place(channel: number, index: number): number {
    const { points } = this.#d;
    if (points.kind === "strided") return channel * points.channel + index * points.tile;
    const lane = index % nr;
    return (index - lane) * points.depth + channel * nr + lane;
  }

  /** The points of one tile, or zeros. */
  #scatter(at: number, values: Float64Array): void {
    const memory = this.#memory;
    const step = this.#d.points.point;
    const count = (this.#d.tile + 2) ** 2;
    for (let i = 0; i < count; i++) {
      memory[at] = values.length === 0 ? 0 : values[i];
      at += step;
    }
  }

  #toPoints(call: KernelCall, channel: number, index: number): void {
    const { tile, grid, image } = this.#d;
    const memory = this.#memory;
    const x = this.#x;
    const side = tile + 2;
    const row = Math.floor((call.rowBegin + index) / grid[1]);
    const line = image.top + row * tile;
    const column = image.left + (call.rowBegin + index - row * grid[1]) * tile;
    const first = Math.max(0, -column);
    const end = Math.min(side, image.width - column);
    const inside = line >= 0 && line + side <= image.height && first === 0 && end === side;
    if (!inside) x.fill(0);
    let from = call.source + channel * image.channel + line * image.line + column * image.col;
    for (let i = 0; i < side; i++) {
      if (line + i >= 0 && line + i < image.height) {
        for (let j = first; j < end; j++) x[i * side + j] = memory[from + j * image.col];
      }
      from += image.line;
    }
    inputPass(tile, x, side, 1, this.#half, side, 1);
    inputPass(tile, this.#half, 1, side, this.#y, 1, side);
    this.#scatter(call.target + this.#place(channel, index), this.#y);
  }

  #toImage(call: KernelCall, channel: number, index: number): void {
    const { tile, grid, image, points } = this.#d;
    const memory = this.#memory;
    const x = this.#x;
    const y = this.#y;
    const side = tile + 2;
    let from = call.source + this.#place(channel, index);
    for (let i = 0; i < side * side; i++) {
      x[i] = memory[from];
      from += points.point;
    }
    outputPass(tile, side, x, side, 1, this.#half, tile, 1);
    outputPass(tile, tile, this.#half, 1, tile, y, 1, tile);
    const bias = this.#d.bias ? memory[call.bias + channel] : 0;
    const row = Math.floor((call.rowBegin + index) / grid[1]);
    const line = row * tile + image.top;
    const column = (call.rowBegin + index - row * grid[1]) * tile + image.left;
    const lines = Math.min(tile, image.height - line);
    const columns = Math.min(tile, image.width - column);
    let to = call.target + channel * image.channel + line * image.line + column * image.col;
    for (let i = 0; i < lines; i++) {
      for (let j = 0; j < columns; j++) memory[to + j * image.col] = y[i * tile + j] + bias;
      this.#activation?.apply(to, image.col, columns, call.slopes + channel * this.#slopeStep, 0);
      to += image.line;
    }
  }
}
