import {
  type ConvAlgorithm,
  type ConvProblem,
  type ConvProgram,
  channelVectors,
  epilogue,
  type Frame,
  finishProgram,
  outputTarget,
  startProgram,
  tapMajor,
  unknownForm,
  type Variant,
  type Views,
  type WeightOrder,
} from "@leanconv/conv";
import { affine, type GemmProvider, loop, type Node, type PlainB, serial } from "@leanconv/gemm";
import { axisWindow, tapBlocks, windowRuns } from "./runs.ts";
import { beginOutput, finishOutput, overTaps, productTarget, shiftAdder } from "./shift-add.ts";
import { kn2rowAsSlots, kn2rowSlots, liveTaps, productRows } from "./slots.ts";
import { imageStrips } from "./strips.ts";
import { alignedTap, refusesAligned } from "./variants.ts";

/** All taps below each other: one matrix of kh * kw * oc rows for every group. */
const tapsAsRows: WeightOrder = { batch: ["g"], rows: ["kh", "kw", "o"], k: ["i"] };

/** One GEMM of all taps with the whole image, then a shift-add for every tap (algorithms.md section 2.3). */
export function kn2rowProgram(
  algorithm: ConvAlgorithm,
  problem: ConvProblem,
  variant: Variant,
  provider: GemmProvider,
  views: Views | undefined,
): ConvProgram {
  if (variant.form !== "whole") unknownForm(algorithm, variant);
  const frame = startProgram(algorithm, problem, variant, provider, views, tapsAsRows, undefined);
  const { p, x, icg, ocg, a, kernels } = frame;
  const m = p.kh * p.kw * ocg;
  const c = productTarget(frame, m, p.ih);
  const multiply = serial({
    kernel: kernels.kernel({
      ...{ kind: "gemm", dtype: "float32", m, k: icg, rows: p.ih, cols: p.iw, a, b: imageB(frame), c, beta: 0 },
    }),
    at: {
      a: { of: "weights", ...affine(0, { group: 1 }) },
      b: { of: "input", ...affine(0, { image: x.n, group: icg * x.c }) },
      c: { of: "products", at: 0 },
    },
  });
  const add = shiftAdder(frame, "products", c);
  const [{ windows }] = imageStrips(p, p.ih);
  const adds = tapBlocks(windowRuns(windows), columnRuns(p)).map((block) =>
    overTaps(block, [serial(add(block, ocg * c.m))]),
  );
  return finishProgram(algorithm, frame, kn2rowSlots(p), [
    beginOutput(frame),
    loop("image", p.n, [loop("group", p.groups, [multiply, ...adds])]),
    ...finishOutput(frame),
  ]);
}

/**
 * For every strip of the image and every tap: the GEMM of the strip's rows that the tap reads, then its shift-add
 * (section 2.4). The tap that is aligned with the output begins it instead, with beta 0 and the bias.
 */
export function kn2rowAsProgram(
  algorithm: ConvAlgorithm,
  problem: ConvProblem,
  variant: Variant,
  provider: GemmProvider,
  views: Views | undefined,
): ConvProgram {
  const { form, parameters } = variant;
  if (!["whole", "aligned", "strip"].includes(form)) unknownForm(algorithm, variant);
  const refusal = form === "aligned" ? refusesAligned(problem) : undefined;
  const frame = startProgram(algorithm, problem, variant, provider, views, tapMajor, refusal);
  const { p, x, y, icg, ocg, a, kernels } = frame;
  const aligned = form === "aligned" ? alignedTap(p) : undefined;
  const rows = productRows(p, parameters);
  const c = productTarget(frame, ocg, rows);
  const add = shiftAdder(frame, "product", c);
  // Made by the first tap that needs it: the aligned tap may be the only one.
  let kernel: number | undefined;
  const product = (): number => {
    kernel ??= kernels.kernel({
      ...{ kind: "gemm", dtype: "float32", m: ocg, k: icg, rows, cols: p.iw, a, b: imageB(frame), c, beta: 0 },
    });
    return kernel;
  };
  const strips = imageStrips(p, rows).flatMap(({ begin, times, windows }) => {
    const nodes = tapBlocks(windowRuns(windows), columnRuns(p), aligned).map((block) => {
      const tap = block.rows.first * p.kw + block.cols.first;
      const multiply = serial({
        kernel: product(),
        rows: {
          begin: affine(block.rows.window.in, { ky: block.rows.inStep }),
          count: (block.rows.window.size - 1) * p.sh + 1,
          limit: rows,
        },
        at: {
          a: {
            ...{ of: "weights", ...affine(0, { group: 1 }) },
            k: affine(tap * icg, { ky: p.kw * icg, kx: icg }),
          },
          b: { of: "input", ...affine(begin * x.h, { image: x.n, group: icg * x.c, strip: rows * x.h }) },
          c: { of: "product", at: 0 },
        },
      });
      const outBy = { strip: times > 1 ? (rows / p.sh) * y.h : 0 };
      return overTaps(block, [multiply, serial(add(block, 0, outBy))]);
    });
    return nodes.length > 0 ? [loop("strip", times, nodes)] : [];
  });
  const nest = loop("image", p.n, [loop("group", p.groups, [...(aligned ? [straight(frame)] : []), ...strips])]);
  return finishProgram(algorithm, frame, kn2rowAsSlots(p, variant), [
    ...(aligned ? [] : [beginOutput(frame)]),
    nest,
    ...(aligned && liveTaps(p) === 1 ? [] : finishOutput(frame)),
  ]);
}

/** The aligned tap straight into the output, which it begins, and finishes where no other tap is left. */
function straight(frame: Frame): Node {
  const { p, x, y, icg, ocg, a, kernels } = frame;
  const { ky, kx, dy, dx } = alignedTap(p)!;
  const kernel = kernels.kernel({
    ...{ kind: "gemm", dtype: "float32", m: ocg, k: icg, rows: p.oh, cols: p.ow, a, c: outputTarget(frame) },
    b: { kind: "plain", k: x.c, row: p.sh * x.h, col: p.sw * x.w },
    ...epilogue(p, { first: true, last: liveTaps(p) === 1 }),
  });
  return serial({
    kernel,
    at: {
      a: { of: "weights", ...affine(0, { group: 1 }), k: { at: (ky * p.kw + kx) * icg } },
      b: { of: "input", ...affine(dy * x.h + dx * x.w, { image: x.n, group: icg * x.c }) },
      c: { of: "output", ...affine(0, { image: y.n, group: ocg * y.c }) },
      ...channelVectors(p, 0, { group: ocg }),
    },
  });
}

/** The image as B: every pixel a column. */
function imageB({ x }: Frame): PlainB {
  return { kind: "plain", k: x.c, row: x.h, col: x.w };
}

function columnRuns(p: ConvProblem): ReturnType<typeof windowRuns> {
  return windowRuns(Array.from({ length: p.kw }, (_, kx) => axisWindow(kx * p.dw - p.pl, p.sw, p.iw, p.ow)));
}
