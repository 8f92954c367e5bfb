import type { GemmDescriptor } from "@leanconv/gemm";
import type { IntegerCall } from "./integer-call.ts";
import { PatchPacker } from "./pack-patch-b.ts";
import { packPlainB } from "./pack-plain-b.ts";
import type { PixelTable } from "./pixel-table.ts";
import { nr } from "./tile.ts";

/** B of one product, as panels of nr columns: read where they are when a mover made them, else packed into scratch. */
export class OperandB {
  readonly #memory: Float32Array;
  readonly #pixels: PixelTable;
  readonly #batch: number;
  /** Distance along k of a plain B, and of a window, which is one. */
  readonly #depth: number;
  readonly #patch: PatchPacker | undefined;
  readonly #inPanels: boolean;
  readonly #panelDepth: number;

  constructor({ b, batch }: GemmDescriptor, memory: Float32Array, pixels: PixelTable) {
    this.#memory = memory;
    this.#pixels = pixels;
    this.#batch = (batch?.b ?? 0) | 0;
    this.#depth = (b.kind === "plain" ? b.k : b.kind === "patch" ? b.channel : 0) | 0;
    this.#patch = b.kind === "patch" && !pixels.windowed ? new PatchPacker(b) : undefined;
    this.#panelDepth = b.kind === "panels" ? b.depth | 0 : 0;
    this.#inPanels = b.kind === "panels";
  }

  /** Distance of two panels of a block that is `depth` deep. */
  panelStride(depth: number): number {
    return nr * (this.#inPanels ? this.#panelDepth : depth);
  }

  /** Address of the first panel of `count` columns from n0 (for which the pixels are filled), `depth` of k from k0. */
  block(call: IntegerCall, index: number, n0: number, count: number, k0: number, depth: number): number {
    const b = call.b + index * this.#batch;
    const pixels = this.#pixels;
    if (this.#inPanels) return b + (pixels.origin + n0) * this.#panelDepth + nr * k0;
    if (this.#patch !== undefined) {
      this.#patch.pack(this.#memory, b, k0, depth, pixels.lines, pixels.places, count, call.scratch);
    } else {
      packPlainB(this.#memory, b + k0 * this.#depth, this.#depth, depth, pixels.sources, count, call.scratch);
    }
    return call.scratch;
  }
}
