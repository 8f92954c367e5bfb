import {
  type ConvAlgorithm,
  type ConvProblem,
  type ConvProgram,
  type Frame,
  finishProgram,
  outputTarget,
  startProgram,
  strideExtent,
  tapMajor,
  unknownForm,
  type Variant,
  type Views,
  type WeightOrder,
} from "@leanconv/conv";
import { convError } from "@leanconv/core";
import { affine, type GemmProvider, loop, type Node, part, phase, serial } from "@leanconv/gemm";
import { type Lowered, loweredMatrix, lowering, loweringSource } from "./lowered.ts";
import { outputRows, type Target } from "./products.ts";
import { rollingRows } from "./rolling.ts";
import { extentOf, mecSlots } from "./slots.ts";
import { refusesSolutionA, turnedProblem } from "./variants.ts";

/** Depth with the roles of rows and columns exchanged. */
const columnMajor: WeightOrder = { ...tapMajor, k: ["kw", "kh", "i"] };

/** Lower, then one product per output row that reads a window of the lowered matrix; image by image, or all at once. */
export function mecProgram(
  algorithm: ConvAlgorithm,
  threshold: number,
  problem: ConvProblem,
  variant: Variant,
  provider: GemmProvider,
  views: Views | undefined,
): ConvProgram {
  const { form } = variant;
  const extent = extentOf(form) ?? unknownForm(algorithm, variant);
  const turned = variant.parameters.turned === 1;
  const refusal = form === "solution-a" ? refusesSolutionA(problem, variant, threshold) : undefined;
  const weights = turned ? columnMajor : tapMajor;
  const upright = startProgram(algorithm, problem, variant, provider, views, weights, refusal);
  const frame = turned ? turnedFrame(upright) : upright;
  const { p } = frame;
  const layout = form === "panels" ? "panels" : usesPlanes(form, variant) ? "planes" : "columns";
  const lowered = loweredMatrix(frame, extent, layout);
  const nest =
    extent === "batch"
      ? [loop("group", p.groups, form === "batch" ? wholeBatch(frame, lowered) : solutionA(algorithm, frame, lowered))]
      : [loop("image", p.n, [loop("group", p.groups, oneImage(frame, lowered, form))])];
  return finishProgram(algorithm, upright, mecSlots(p, variant, provider), nest);
}

/** Pixels innermost suit planes; the ring takes the order of the input, the other forms are one or the other. */
function usesPlanes(form: string, variant: Variant): boolean {
  return form === "planes" || (form === "rolling" && variant.inputLayout === "nchw");
}

function turnedFrame(frame: Frame): Frame {
  const { x, y } = frame;
  return { ...frame, p: turnedProblem(frame.p), x: { ...x, h: x.w, w: x.h }, y: { ...y, h: y.w, w: y.h } };
}

/** Solution B and ours: L of one image, results straight in their places. */
function oneImage(frame: Frame, lowered: Lowered, form: string): Node[] {
  const { x, y, ocg } = frame;
  const by = { image: y.n, group: ocg * y.c };
  const target: Target = { c: outputTarget(frame), row: y.h, images: 1, at: 0, by };
  if (form === "rolling") return rollingRows(frame, lowered, target);
  const lower = serial({
    kernel: lowering(frame, lowered),
    at: { source: loweringSource(frame, lowered, { image: x.n }), target: { of: "lowered", at: 0 } },
  });
  return [lower, phase(...outputRows(frame, lowered, target))];
}

/** L of the whole batch, image by image. */
function lowerBatch(frame: Frame, lowered: Lowered): Node {
  const step = {
    kernel: lowering(frame, lowered),
    at: {
      source: loweringSource(frame, lowered, { part: frame.x.n }),
      target: { of: "lowered", ...affine(0, { part: lowered.image }) },
    },
  };
  return phase(part(frame.p.n, step));
}

/** Solution A without its permutation: C has a pitch of its own for images, which a plain BLAS call does not have. */
function wholeBatch(frame: Frame, lowered: Lowered): Node[] {
  const { p, y, ocg } = frame;
  const c = { m: y.c, row: y.n, col: y.w };
  const target: Target = { c, row: y.h, images: p.n, at: 0, by: { group: ocg * y.c } };
  return [lowerBatch(frame, lowered), phase(...outputRows(frame, lowered, target))];
}

/**
 * Solution A (algorithms.md section 5.2): products over the whole batch leave their results in h-n-w-c order in the
 * output's own memory; a copy to L and back permutes them. Groups keep to their own channels of that memory, which are
 * the same elements in both orders where channels are innermost.
 */
function solutionA(algorithm: ConvAlgorithm, frame: Frame, lowered: Lowered): Node[] {
  const { p, y, ocg, kernels } = frame;
  const { n, oh, ow, oc } = p;
  const [low, high] = strideExtent(y, n, oc, oh, ow);
  const innermost = same([ow, y.w, oc], [oh, y.h, ow * oc], [n, y.n, oh * ow * oc], [oc, y.c, 1]);
  if (high - low !== n * oc * oh * ow || (p.groups > 1 && !innermost)) {
    throw convError("unsupported.strides", {
      where: `${algorithm.name} solution-a`,
      what: `the output is not dense${p.groups > 1 ? " with channels innermost" : ""}, and is permuted in its own memory`,
      fix: "choose solution-b or batch",
    });
  }
  const c = { m: 1, row: ow * oc, col: oc };
  const target: Target = { c, row: n * ow * oc, images: n, at: low, by: { group: ocg } };
  const nodes = [lowerBatch(frame, lowered), phase(...outputRows(frame, lowered, target))];
  if (same([oh, y.h, n * ow * oc], [n, y.n, ow * oc], [ow, y.w, oc], [oc, y.c, 1])) return nodes;

  const scratch = { of: "output", ...affine(low, { group: ocg }) };
  const away = kernels.kernel(
    p.groups === 1
      ? {
          ...{ kind: "copy", dtype: "float32", extents: [oh, n * ow * oc], source: [n * ow * oc, 1] },
          target: { kind: "strided", strides: [n * ow * oc, 1] },
        }
      : {
          ...{ kind: "copy", dtype: "float32", extents: [oh * n * ow, ocg], source: [oc, 1] },
          target: { kind: "strided", strides: [ocg, 1] },
        },
  );
  const back = kernels.kernel({
    ...{ kind: "copy", dtype: "float32", extents: [oh, n, ow, ocg] },
    source: [n * ow * ocg, ow * ocg, ocg, 1],
    target: { kind: "strided", strides: [y.h, y.n, y.w, y.c] },
  });
  return [
    ...nodes,
    serial({ kernel: away, at: { source: scratch, target: { of: "lowered", at: 0 } } }),
    serial({
      kernel: back,
      at: { source: { of: "lowered", at: 0 }, target: { of: "output", ...affine(0, { group: ocg * y.c }) } },
    }),
  ];
}

/** Whether strides agree on every axis of more than one element. */
function same(...axes: readonly (readonly [extent: number, stride: number, wanted: number])[]): boolean {
  return axes.every(([extent, stride, wanted]) => extent === 1 || stride === wanted);
}
