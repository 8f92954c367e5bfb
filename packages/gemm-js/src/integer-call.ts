import type { KernelCall } from "@leanconv/gemm";

/**
 * What a GEMM reads of a call, as 32-bit integers, which reach over 8 GiB of float32.
 *
 * Programs compute offsets as doubles. V8 would take them for doubles everywhere, check at every load that they are
 * whole, and box one for every call of the tile: the tile was 1.7 times slower. A class has a shape of its own, whose
 * fields nobody else makes doubles.
 */
export class IntegerCall {
  a = 0;
  b = 0;
  c = 0;
  bias = 0;
  slopes = 0;
  scratch = 0;
  rowBegin = 0;
  rowEnd = 0;
  part = 0;
  parts = 0;

  set(call: KernelCall): void {
    this.a = call.a | 0;
    this.b = call.b | 0;
    this.c = call.c | 0;
    this.bias = call.bias | 0;
    this.slopes = call.slopes | 0;
    this.scratch = call.scratch | 0;
    this.rowBegin = call.rowBegin | 0;
    this.rowEnd = call.rowEnd | 0;
    this.part = call.part | 0;
    this.parts = call.parts | 0;
  }
}
