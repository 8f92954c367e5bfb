import type { ConvProblem } from "@leanconv/conv";
import { activationFunction } from "@leanconv/gemm";
import { dotAt } from "./dot.ts";
import { checkOperands, checkView, type DirectOperands, type DirectView, slopeOf } from "./operands.ts";

/**
 * Computes the whole convolution, output by output, with sums, bias and activation in float64; each output is rounded
 * once, when it is stored. `output` is `[n, oc, oh, ow]` and must not share memory with an operand. Allocates a closure;
 * takes `macs` steps, at a few hundred million per second.
 * @throws `argument.shape`, `argument.bias`, `argument.slopes`
 */
export function directConv2d(p: ConvProblem, operands: DirectOperands & { readonly output: DirectView }): void {
  const { input, filter, bias, slopes, output } = operands;
  checkOperands(p, operands);
  checkView(output, [p.n, p.oc, p.oh, p.ow], "output");
  const activate = activationFunction(p.activation);
  const [yn, yc, yh, yw] = output.stride;
  for (let n = 0; n < p.n; n++) {
    for (let oc = 0; oc < p.oc; oc++) {
      const start = bias === undefined ? 0 : bias[oc];
      const slope = slopeOf(slopes, oc);
      for (let oy = 0; oy < p.oh; oy++) {
        let at = output.offset + n * yn + oc * yc + oy * yh;
        for (let ox = 0; ox < p.ow; ox++, at += yw) {
          output.data[at] = activate(dotAt(p, input, filter, n, oc, oy, ox, false) + start, slope);
        }
      }
    }
  }
}
