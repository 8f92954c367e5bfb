import { type ConvProblem, formatProblem, type Views } from "@leanconv/conv";
import { isConvError } from "@leanconv/core";
import { axisOrder, type ImageLayout, type ImageStrides } from "@leanconv/tensor";
import fc from "fast-check";
import { expect, test } from "vitest";
import { integerIn, oneOf, type Random, randomFrom } from "../random.ts";
import { convData, differenceFrom } from "./conv-data.ts";
import type { AlgorithmUnderTest } from "./conv-kit.ts";
import { acceptedOf, layoutPairs, offersOf } from "./offers.ts";
import { problems } from "./problems.ts";
import { runConv } from "./run-conv.ts";

type Axis = keyof ImageStrides;
const axisNames = ["n", "c", "h", "w"] as const;

/** Tensors with gaps, reversed axes and repeated elements are computed or refused, never computed wrongly. */
export function testViews({ algorithm, refuses, provider, heap, limits, runs }: AlgorithmUnderTest): void {
  test("strided tensors: cropped, interleaved, reversed and repeated ones agree or are refused", () => {
    fc.assert(
      fc.property(problems(limits), fc.nat(), fc.constantFrom(...layoutPairs), (problem, seed, pair) => {
        const random = randomFrom(seed);
        const { views, repeated } = strangeViews(random, problem, pair);
        const data = convData(problem, seed, algorithm.errorClass.exactOnIntegers ? "integers" : "reals", repeated);
        for (const { variant } of acceptedOf(offersOf(algorithm, problem, [pair]), refuses, problem)) {
          const name = `${JSON.stringify(variant)} ${formatProblem(problem)} ${JSON.stringify(views)}`;
          const run = { algorithm, variant, provider: provider(), heap: heap(), data, views, last: seed % 3 };
          const outcome = agreed(() => runConv(run), name);
          if (outcome === undefined) continue;
          expect(outcome.violations, name).toEqual([]);
          expect(differenceFrom(data, outcome.output, algorithm.errorClass), name).toBeUndefined();
        }
      }),
      { numRuns: runs },
    );
  });
}

/** The result, or undefined where the strides are refused. */
function agreed<T>(run: () => T, name: string): T | undefined {
  try {
    return run();
  } catch (error) {
    if (!isConvError(error)) throw error;
    expect(error.code, `${name}: ${error.message}`).toBe("unsupported.strides");
    return undefined;
  }
}

function strangeViews(
  random: Random,
  { n, ic, ih, iw, oc, oh, ow }: ConvProblem,
  [inputLayout, outputLayout]: readonly [ImageLayout, ImageLayout],
): { readonly views: Views; readonly repeated: Axis | undefined } {
  const input = looseStrides(random, { n, c: ic, h: ih, w: iw }, inputLayout);
  const output = looseStrides(random, { n, c: oc, h: oh, w: ow }, outputLayout);
  const axis = oneOf(random, axisNames);
  const kind = random();
  if (kind < 0.25) return { views: { input: { ...input, [axis]: -input[axis] }, output }, repeated: undefined };
  if (kind < 0.4) return { views: { input: { ...input, [axis]: 0 }, output }, repeated: axis };
  return { views: { input, output }, repeated: undefined };
}

/** A layout's strides with room between elements, rows or channels: crops and slices of larger tensors. */
function looseStrides(random: Random, extents: ImageStrides, layout: ImageLayout): ImageStrides {
  const strides = { n: 0, c: 0, h: 0, w: 0 };
  let step = random() < 0.3 ? 2 : 1;
  for (const axis of [...axisOrder(layout)].reverse().map((index) => axisNames[index])) {
    strides[axis] = step;
    step = step * extents[axis] + (random() < 0.4 ? step * integerIn(random, 1, 3) : 0);
  }
  return strides;
}
