import {
  type ConvAlgorithm,
  type ConvProblem,
  type ConvProgram,
  channelVectors,
  epilogue,
  finishProgram,
  outputTarget,
  startProgram,
  tapMajor,
  tapsOf,
  unknownForm,
  type Variant,
  type Views,
} from "@leanconv/conv";
import { affine, type GemmProvider, part, phase } from "@leanconv/gemm";
import { implicitGemmSlots } from "./slots.ts";

/** One GEMM per image with all taps in its patch operand; groups are its batch. */
export function implicitGemmProgram(
  algorithm: ConvAlgorithm,
  problem: ConvProblem,
  variant: Variant,
  provider: GemmProvider,
  views: Views | undefined,
): ConvProgram {
  if (variant.form !== "implicit") unknownForm(algorithm, variant);
  const frame = startProgram(algorithm, problem, variant, provider, views, tapMajor, undefined);
  const { p, x, y, icg, ocg, a, kernels } = frame;
  const taps = tapsOf(p).map(({ dy, dx }) => ({ dy, dx }));
  const kernel = kernels.kernel({
    ...{ kind: "gemm", dtype: "float32", m: ocg, k: taps.length * icg, rows: p.oh, cols: p.ow, a },
    b: {
      ...{ kind: "patch", channels: icg, taps, ih: p.ih, iw: p.iw, sh: p.sh, sw: p.sw },
      ...{ channel: x.c, line: x.h, col: x.w },
    },
    c: outputTarget(frame),
    ...epilogue(p, { first: true, last: true }),
    batch: { count: p.groups, a: 1, b: icg * x.c, c: ocg * y.c, bias: ocg, slopes: ocg },
  });
  const step = {
    kernel,
    at: {
      a: { of: "weights", at: 0 },
      b: { of: "input", ...affine(0, { part: x.n }) },
      c: { of: "output", ...affine(0, { part: y.n }) },
      ...channelVectors(p, 0),
    },
  };
  return finishProgram(algorithm, frame, implicitGemmSlots(), [phase(part(p.n, step))]);
}
