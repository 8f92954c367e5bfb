import { type GemmDescriptor, levelCount } from "@leanconv/gemm";
import { clearLane, copyLane, copyPanel } from "./copy-panel.ts";
import type { IntegerCall } from "./integer-call.ts";
import { panelForms } from "./packed-form.ts";
import { mr } from "./tile.ts";

/** A of one product, as panels of mr rows: read where they are when packed, else packed into scratch one at a time. */
export class OperandA {
  readonly #memory: Float32Array;
  readonly #packed: boolean;
  /** Elements of a packed A for each row; row is a multiple of mr wherever this is used. */
  readonly #packedRow: number;
  readonly #batch: number;
  readonly #row: number;
  readonly #depth: number;
  readonly #scratch: number;

  /** `scratch` is where a panel lies in the scratch of the call. */
  constructor({ a, batch }: GemmDescriptor, memory: Float32Array, scratch: number) {
    const form = a.kind === "packed" ? panelForms.packedForm(a.pack) : undefined;
    this.#memory = memory;
    this.#packed = form?.kStride === mr;
    this.#packedRow = a.kind === "packed" ? levelCount(a.pack.k) | 0 : 0;
    this.#batch = ((batch?.a ?? 0) * (form?.batchStride ?? 1)) | 0;
    this.#row = a.kind === "plain" ? a.m | 0 : 0;
    this.#depth = a.kind === "plain" ? a.k | 0 : 1;
    this.#scratch = scratch;
  }

  /** Address of the panel of rows [row, row + rows), `depth` of k from k0. */
  panel(call: IntegerCall, index: number, row: number, rows: number, k0: number, depth: number): number {
    const a = call.a + index * this.#batch;
    if (this.#packed) return a + row * this.#packedRow + mr * k0;
    const target = call.scratch + this.#scratch;
    this.#pack(a + row * this.#row + k0 * this.#depth, rows, depth, target);
    return target;
  }

  #pack(a: number, rows: number, depth: number, target: number): void {
    const memory = this.#memory;
    const row = this.#row;
    if (rows === mr) {
      copyPanel(memory, a, a + row, a + 2 * row, a + 3 * row, this.#depth, target, depth);
      return;
    }
    for (let i = 0; i < mr; i++) {
      if (i < rows) copyLane(memory, a + i * row, this.#depth, target + i, depth);
      else clearLane(memory, target + i, depth);
    }
  }
}
