import {
  type ConvAlgorithm,
  channelVectors,
  directSums,
  epilogue,
  type Frame,
  finishProgram,
  outputTarget,
  startProgram,
  tapMajor,
  tapsOf,
  unknownForm,
} from "@leanconv/conv";
import type { Slot } from "@leanconv/core";
import { affine, type GemmDescriptor, part, phase, type Step } from "@leanconv/gemm";

/** What a test may spoil. */
export interface Spoiled {
  readonly gemm?: (descriptor: GemmDescriptor, frame: Frame) => GemmDescriptor;
  readonly steps?: (product: Step, frame: Frame) => readonly Step[];
  readonly slots?: readonly Slot[];
}

/** One GEMM per image whose patch operand has all taps: the smallest algorithm, and with `spoil` a wrong one. */
export function gather(spoil: Spoiled = {}): ConvAlgorithm {
  const algorithm: ConvAlgorithm = {
    name: "gather",
    errorClass: directSums,
    variants: (_, { inputLayout = "nchw", outputLayout = inputLayout } = {}) => [
      { variant: { form: "only", parameters: {}, inputLayout, outputLayout } },
    ],
    program(problem, variant, provider, views) {
      if (variant.form !== "only") unknownForm(algorithm, variant);
      const frame = startProgram(algorithm, problem, variant, provider, views, tapMajor, undefined);
      const { p, x, y, icg, ocg, a } = frame;
      const taps = tapsOf(p).map(({ dy, dx }) => ({ dy, dx }));
      const product: GemmDescriptor = {
        ...{ kind: "gemm", dtype: "float32", m: ocg, k: taps.length * icg, rows: p.oh, cols: p.ow, a },
        b: {
          ...{ kind: "patch", channels: icg, taps, ih: p.ih, iw: p.iw, sh: p.sh, sw: p.sw },
          ...{ channel: x.c, line: x.h, col: x.w },
        },
        c: outputTarget(frame),
        ...epilogue(p, { first: true, last: true }),
        batch: { count: p.groups, a: 1, b: icg * x.c, c: ocg * y.c, bias: ocg, slopes: ocg },
      };
      const step: Step = {
        kernel: frame.kernels.kernel(spoil.gemm?.(product, frame) ?? product),
        at: {
          a: { of: "weights", at: 0 },
          b: { of: "input", ...affine(0, { part: x.n }) },
          c: { of: "output", ...affine(0, { part: y.n }) },
          ...channelVectors(p, 0),
        },
      };
      const steps = spoil.steps?.(step, frame) ?? [step];
      return finishProgram(algorithm, frame, spoil.slots ?? [], [phase(part(p.n, ...steps))]);
    },
  };
  return algorithm;
}
