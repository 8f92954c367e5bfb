import { type ConvProblem, describeConv2d } from "@leanconv/conv";
import { isConvError } from "@leanconv/core";
import type { Activation } from "@leanconv/gemm";
import fc from "fast-check";
import { sampleActivations } from "../kernel/activations.ts";
import { integerIn, oneOf, randomFrom } from "../random.ts";

export interface ProblemLimits {
  /** Most channels of one group; default 4. */
  readonly maxChannels?: number;
  /** Most rows and columns beyond what the kernel needs; default 7. */
  readonly maxImage?: number;
  readonly maxBatch?: number;
  /** What some algorithms are restricted to; three in four problems then are this one. */
  readonly only?: { readonly kernel: number; readonly stride: number; readonly dilation: number };
}

/**
 * Any small convolution: kernels, strides, dilations and paddings that differ between the axes, images as small as 1x1,
 * paddings wider than the kernel, groups, depthwise, channel multipliers, batches, bias and every activation.
 */
export function problems(limits: ProblemLimits = {}): fc.Arbitrary<ConvProblem> {
  const { maxChannels = 4, maxImage = 7, maxBatch = 3, only } = limits;
  const small = fc.integer({ min: 1, max: maxChannels });
  const channels = fc.oneof(
    fc.record({ groups: fc.constant(1), icg: small, ocg: small }),
    fc.record({ groups: fc.integer({ min: 2, max: 3 }), icg: small, ocg: small }),
    fc.record({ groups: fc.integer({ min: 2, max: 5 }), icg: fc.constant(1), ocg: fc.integer({ min: 1, max: 3 }) }),
  );
  const any = fc.record({ y: axis(maxImage), x: axis(maxImage) });
  const both = only
    ? fc.oneof(
        { arbitrary: any, weight: 1 },
        { arbitrary: fc.record({ y: axis(maxImage, only), x: axis(maxImage, only) }), weight: 3 },
      )
    : any;
  return fc
    .record({ channels, both, batch: fc.integer({ min: 1, max: maxBatch }) })
    .chain(({ channels: { groups, icg, ocg }, both: { y, x }, batch }) =>
      fc.record({ bias: fc.boolean(), activation: fc.constantFrom(...sampleActivations) }).map((finish) =>
        describeConv2d({
          ...{ batch, inputChannels: groups * icg, outputChannels: groups * ocg, groups },
          ...{ input: [y.image, x.image], kernel: [y.kernel, x.kernel], strides: [y.stride, x.stride] },
          ...{ dilations: [y.dilation, x.dilation], padding: [y.before, y.after, x.before, x.after] },
          ...finish,
        }),
      ),
    );
}

interface Axis {
  readonly kernel: number;
  readonly stride: number;
  readonly dilation: number;
  readonly before: number;
  readonly after: number;
  readonly image: number;
}

/** One axis of a window and an image that it fits into. */
function axis(maxImage: number, only?: ProblemLimits["only"]): fc.Arbitrary<Axis> {
  return fc
    .record({
      kernel: only
        ? fc.constant(only.kernel)
        : fc.oneof(fc.constantFrom(1, 2, 3, 3, 5), fc.integer({ min: 1, max: 7 })),
      stride: only ? fc.constant(only.stride) : fc.constantFrom(1, 1, 1, 2, 3),
      dilation: only ? fc.constant(only.dilation) : fc.constantFrom(1, 1, 1, 2, 3),
      same: fc.boolean(),
      before: fc.integer({ min: 0, max: 4 }),
      after: fc.integer({ min: 0, max: 4 }),
      extra: fc.integer({ min: 0, max: maxImage }),
    })
    .map(({ same, extra, ...shape }) => {
      const reach = shape.dilation * (shape.kernel - 1);
      // Half of them as wide as the image, which some forms need.
      const before = same ? Math.min(shape.before, reach) : shape.before;
      const after = same ? reach - before : shape.after;
      return { ...shape, before, after, image: Math.max(1, reach + 1 - before - after) + extra };
    });
}

/**
 * The sweep of algorithms.md section 10: kernels 1, 2, 3, 4, 5, 7, 11 x strides 1, 2, 3 x dilations 1, 2 x paddings 0 to
 * K, asymmetric, on square and non-square images, ungrouped, grouped, depthwise and with a multiplier.
 */
export function sweepProblems(): ConvProblem[] {
  const list: ConvProblem[] = [];
  const channelKinds = [
    { inputChannels: 3, outputChannels: 4, groups: 1 },
    { inputChannels: 4, outputChannels: 6, groups: 2 },
    { inputChannels: 3, outputChannels: 3, groups: 3 },
    { inputChannels: 2, outputChannels: 6, groups: 2 },
  ];
  let index = 0;
  for (const kernel of [1, 2, 3, 4, 5, 7, 11]) {
    for (const stride of [1, 2, 3]) {
      for (const dilation of [1, 2]) {
        for (let pad = 0; pad <= kernel; pad++) {
          for (const square of [true, false]) {
            const random = randomFrom(++index);
            const reach = dilation * (kernel - 1) + 1;
            const skew = square ? 0 : integerIn(random, 0, pad);
            // Every other non-square one is as wide as its image, for the forms that need that.
            const sides: [number, number] = index % 4 === 0 ? [skew, Math.max(0, reach - 1 - skew)] : [pad, pad - skew];
            const height = Math.max(1, reach - 2 * pad + skew) + integerIn(random, 0, 4);
            const width = square ? height : Math.max(1, reach - sides[0] - sides[1]) + integerIn(random, 0, 5);
            const problem = tryDescribe({
              ...channelKinds[index % channelKinds.length],
              batch: index % 5 === 0 ? 2 : 1,
              input: [height, width],
              kernel: [kernel, kernel],
              strides: [stride, stride],
              dilations: [dilation, dilation],
              padding: [pad, pad - skew, ...(square ? [pad, pad] : sides)] as [number, number, number, number],
              bias: index % 2 === 0,
              activation: oneOf<Activation | undefined>(random, sampleActivations),
            });
            if (problem) list.push(problem);
          }
        }
      }
    }
  }
  return list;
}

/** The problem, or undefined where the kernel does not fit. */
function tryDescribe(options: Parameters<typeof describeConv2d>[0]): ConvProblem | undefined {
  try {
    return describeConv2d(options);
  } catch (error) {
    if (isConvError(error) && error.code === "argument.kernel-exceeds-input") return undefined;
    throw error;
  }
}
