import { convError, type ErrorCode, exactProduct } from "@leanconv/core";
import type { Activation } from "@leanconv/gemm";

/**
 * One convolution as numbers: frozen, normalised, without data and without a layout. The letters are oneDNN's;
 * a dilation of 1 means none. Input `[n, ic, ih, iw]`, filter `[oc, ic / groups, kh, kw]`, output `[n, oc, oh, ow]`.
 */
export interface ConvProblem {
  readonly dtype: "float32";
  readonly n: number;
  readonly ic: number;
  readonly ih: number;
  readonly iw: number;
  readonly oc: number;
  readonly oh: number;
  readonly ow: number;
  readonly kh: number;
  readonly kw: number;
  readonly sh: number;
  readonly sw: number;
  readonly dh: number;
  readonly dw: number;
  readonly pt: number;
  readonly pb: number;
  readonly pl: number;
  readonly pr: number;
  readonly groups: number;
  /** Whether one value per output channel is added before the activation. */
  readonly bias: boolean;
  /** Absent means none. */
  readonly activation?: Activation;
  /** Multiply-adds, those with padding included. */
  readonly macs: number;
}

/** What a problem is made from; the rest of it follows. */
export type ProblemLetters = Omit<ConvProblem, "dtype" | "oh" | "ow" | "macs">;

const leastOfLetter: readonly (readonly [keyof ProblemLetters, number, ErrorCode])[] = [
  ["n", 1, "argument.shape"],
  ["ic", 1, "argument.shape"],
  ["ih", 1, "argument.shape"],
  ["iw", 1, "argument.shape"],
  ["oc", 1, "argument.shape"],
  ["kh", 1, "argument.shape"],
  ["kw", 1, "argument.shape"],
  ["sh", 1, "argument.strides"],
  ["sw", 1, "argument.strides"],
  ["dh", 1, "argument.dilations"],
  ["dw", 1, "argument.dilations"],
  ["pt", 0, "argument.padding"],
  ["pb", 0, "argument.padding"],
  ["pl", 0, "argument.padding"],
  ["pr", 0, "argument.padding"],
];

/**
 * The only maker of problems: checks the letters, computes the output size and refuses sizes that no number can hold.
 * Allocates the problem.
 * @throws `argument.shape`, `argument.strides`, `argument.dilations`, `argument.padding` for letters that are not whole
 * numbers in their range; `argument.groups`; `argument.kernel-exceeds-input`; `argument.overflow`.
 */
export function makeProblem(letters: ProblemLetters, where: string): ConvProblem {
  for (const [letter, least, code] of leastOfLetter) checkWhole(letters[letter], least, code, `${where}: ${letter}`);
  const { n, ic, ih, iw, oc, kh, kw, sh, sw, dh, dw, groups, bias, activation } = letters;
  // Adding 0 turns -0 into 0.
  const [pt, pb, pl, pr] = [letters.pt + 0, letters.pb + 0, letters.pl + 0, letters.pr + 0];
  checkGroups(ic, oc, groups, undefined, where);

  const padded = [exactSum(where, ih, pt, pb), exactSum(where, iw, pl, pr)];
  const reach = [
    exactSum(where, exactProduct(`${where}: dilated kernel height`, dh, kh - 1), 1),
    exactSum(where, exactProduct(`${where}: dilated kernel width`, dw, kw - 1), 1),
  ];
  if (reach[0] > padded[0] || reach[1] > padded[1]) {
    const dilated = dh > 1 || dw > 1 ? ` (dilation ${dh}x${dw}, so ${reach.join("x")})` : "";
    throw convError("argument.kernel-exceeds-input", {
      where,
      what: `the kernel ${kh}x${kw}${dilated} does not fit the padded input ${padded.join("x")}`,
      fix: "add padding, enlarge the input or reduce the dilation",
    });
  }
  const oh = Math.floor((padded[0] - reach[0]) / sh) + 1;
  const ow = Math.floor((padded[1] - reach[1]) / sw) + 1;

  // The largest sizes that algorithms compute from a problem: checked here once, so that none of them checks again.
  exactProduct(`${where}: padded input in bytes`, n, ic, padded[0], padded[1], 4);
  exactProduct(`${where}: filter in bytes`, oc, ic / groups, kh, kw, 4);
  exactProduct(`${where}: output in bytes`, n, oc, oh, ow, 4);
  exactProduct(`${where}: patch matrix of im2col in bytes`, n, ic, kh, kw, oh, ow, 4);
  exactProduct(`${where}: lowered matrix of MEC in bytes`, n, ic, kw, padded[0], ow, 4);
  exactProduct(`${where}: products of all taps (kn2row) in bytes`, kh, kw, oc, padded[0], padded[1], 4);
  const macs = exactProduct(`${where}: multiply-adds`, n, oc, oh, ow, ic / groups, kh, kw);

  const sizes = { n, ic, ih, iw, oc, oh, ow, kh, kw, sh, sw, dh, dw, pt, pb, pl, pr, groups };
  return Object.freeze({
    dtype: "float32",
    ...sizes,
    bias,
    ...(activation !== undefined && { activation: Object.freeze({ ...activation }) }),
    macs,
  });
}

/**
 * Checks the groups against the channels and, if given, the filter's input channels.
 * @throws `argument.groups`, with a message of its own for each of the four rules.
 */
export function checkGroups(
  inputChannels: number,
  outputChannels: number,
  groups: number,
  filterChannels: number | undefined,
  where: string,
): void {
  checkWhole(groups, 1, "argument.groups", `${where}: groups`);
  if (inputChannels % groups !== 0) {
    throw convError("argument.groups", {
      where,
      what: "the groups do not divide the input channels",
      got: `${inputChannels} input channels in ${groups} groups`,
      fix: "check groups, and the layout of the input",
    });
  }
  if (filterChannels !== undefined && filterChannels !== inputChannels / groups) {
    throw convError("argument.groups", {
      where,
      what: "the filter has the wrong number of input channels",
      got: filterChannels,
      wanted: `${inputChannels / groups} (${inputChannels} input channels / ${groups} groups)`,
      fix: "check groups, and the layouts of input and filter",
    });
  }
  if (outputChannels % groups !== 0) {
    throw convError("argument.groups", {
      where,
      what: "the groups do not divide the output channels",
      got: `${outputChannels} output channels in ${groups} groups`,
      fix: "check groups, and the layout of the filter",
    });
  }
}

/** @throws `code` unless `value` is a whole number of at least `least`; `argument.overflow` above 2^53. */
export function checkWhole(value: unknown, least: number, code: ErrorCode, where: string): asserts value is number {
  if (typeof value !== "number" || !Number.isInteger(value) || value < least) {
    throw convError(code, {
      where,
      what: "not a whole number in its range",
      got: value,
      wanted: `an integer >= ${least}`,
    });
  }
  exactProduct(where, value);
}

function exactSum(where: string, ...terms: readonly number[]): number {
  let sum = 0;
  for (const term of terms) sum += term;
  return exactProduct(`${where}: padded or dilated size`, sum);
}
