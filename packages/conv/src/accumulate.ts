import { convError } from "@leanconv/core";
import { type GemmProvider, loop, type Node } from "@leanconv/gemm";
import type { ImageLayout } from "@leanconv/tensor";
import { punchProgram } from "./accumulate/punch.ts";
import { rowsProgram } from "./accumulate/rows.ts";
import { sliceProgram } from "./accumulate/slice.ts";
import { accumulateSlots } from "./accumulate/slots.ts";
import { refuseAccumulate } from "./accumulate/variants.ts";
import { windowProgram } from "./accumulate/window.ts";
import type { ConvAlgorithm, ConvProgram, Variant, Views } from "./algorithm.ts";
import { type Frame, finishProgram, startProgram, unknownForm } from "./frame.ts";
import type { ConvProblem } from "./problem.ts";
import { tapMajor } from "./weights.ts";

export { accumulateSlots } from "./accumulate/slots.ts";
export { type AccumulateForm, accumulateForms, accumulateVariants } from "./accumulate/variants.ts";

/** The bodies of the forms; all but the window's loop over images and groups around them. */
const bodies: Readonly<Record<string, (frame: Frame, rows: number | undefined) => readonly Node[]>> = {
  window: windowProgram,
  rows: rowsProgram,
  slice: sliceProgram,
  punch: punchProgram,
};

/**
 * What kn2row-aa and kn2col-kw share: accumulation inside of GEMM (Anderson et al., arXiv:1709.03395), where each tap's
 * product is added to the output at its displacement. The two packages differ in the layout only.
 * @throws the refusal's code, `argument.name` for an unknown form, `unsupported.strides` for views a form cannot take
 */
export function accumulateProgram(
  algorithm: ConvAlgorithm,
  layout: ImageLayout,
  problem: ConvProblem,
  variant: Variant,
  provider: GemmProvider,
  views: Views | undefined,
): ConvProgram {
  // Plans come from files: a form may be any word, also one that every object has.
  const body = Object.hasOwn(bodies, variant.form) ? bodies[variant.form] : unknownForm(algorithm, variant);
  const rows = variant.parameters.rows;
  if (rows !== undefined && !(Number.isInteger(rows) && rows >= 1)) {
    throw convError("argument.range", {
      where: `${algorithm.name} ${variant.form}`,
      what: "rows of a strip",
      got: rows,
    });
  }
  // That the input is exclusive is checked where it is known: at binding.
  const refusal = refuseAccumulate(problem, variant, layout, algorithm.name, true);
  const frame = startProgram(algorithm, problem, variant, provider, views, tapMajor, refusal);
  const inStrips = rows !== undefined && rows < problem.oh;
  const nodes = body(frame, inStrips ? rows : undefined);
  const nest = variant.form === "window" ? nodes : [loop("image", problem.n, [loop("group", problem.groups, nodes)])];
  return finishProgram(algorithm, frame, accumulateSlots(problem, variant), nest, variant.form === "punch");
}
