import { isConvError } from "@leanconv/core";
import { type Activation, activationKinds, normaliseActivation } from "@leanconv/gemm";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { makeProblem } from "../src/problem.ts";
import { formatProblem, parseProblem } from "../src/problem-string.ts";

const errorOf = (text: string) => {
  try {
    parseProblem(text);
  } catch (error) {
    if (isConvError(error)) return error;
    throw error;
  }
  throw new Error(`${text} was accepted`);
};

describe("formatProblem", () => {
  test.each([
    ["ic64ih56iw56oc64kh3kw3pt1pb1pl1pr1"],
    ["n3ic6ih27iw37oc4kh3kw5sh2sw1dh1dw4pt1pr2g2+bias"],
    ["ic3ih5iw7oc2kh1kw1+bias+relu6"],
    ["ic3ih5iw7oc2kh1kw1+clip(min=0,max=6)"],
    ["ic3ih5iw7oc2kh1kw1+clip"],
    ["ic3ih5iw7oc2kh1kw1+leaky-relu(alpha=0.1)"],
    ["ic3ih5iw7oc2kh1kw1+hard-sigmoid(alpha=0.2,beta=-0.5)"],
  ])("%s is its own canonical form", (text) => {
    expect(formatProblem(parseProblem(text))).toBe(text);
  });
});

describe("parseProblem", () => {
  test.each([
    ["ic64ih56oc64kh3ph1", "ic64ih56iw56oc64kh3kw3pt1pb1pl1pr1"],
    ["ic1ih9oc1kh3ph1pw0", "ic1ih9iw9oc1kh3kw3pt1pb1"],
    ["ic1ih9oc1kh3pw2", "ic1ih9iw9oc1kh3kw3pl2pr2"],
    ["ic1ih9oc1kh3pt1", "ic1ih9iw9oc1kh3kw3pt1"],
    ["ic1ih9oc1kh3sh2dh3", "ic1ih9iw9oc1kh3kw3sh2sw2dh3dw3"],
    ["ic1ih9oc1kh3sw2dw3", "ic1ih9iw9oc1kh3kw3sh1sw2dh1dw3"],
    ["g1kh3kw3n1oc7ih9iw9ic5+relu+bias", "ic5ih9iw9oc7kh3kw3+bias+relu"],
    ["ic5ih9oc7kh3+elu", "ic5ih9iw9oc7kh3kw3+elu(alpha=1)"],
    ["ic5ih9oc7kh3+elu()", "ic5ih9iw9oc7kh3kw3+elu(alpha=1)"],
  ])("reads %s as %s", (text, canonical) => {
    expect(formatProblem(parseProblem(text))).toBe(canonical);
  });

  test.each([
    ["", 0, "there is no ic"],
    ["ic1oc1kh3kw3", 12, "there is no ih"],
    ["ic1iw5oc1kh3", 12, "there is no ih"],
    ["ic64zz3", 4, 'unknown letters "zz"'],
    ["ic64 ih5", 4, "cannot read on"],
    ["ic64ih", 4, "cannot read on"],
    ["ic64ih-5", 4, "cannot read on"],
    ["ic64ih5ic3", 7, "ic stands here twice"],
    ["ic1ih5oc1kh3ph1pb2", 15, "pb and ph contradict"],
    ["ic1ih5oc1kh3pl1ph1", 15, "ph and pl contradict"],
    ["ic1ih5oc1kh3+bias+bias", 17, "+bias stands here twice"],
    ["ic1ih5oc1kh3+bias(1)", 12, "+bias stands here twice or has parameters"],
    ["ic1ih5oc1kh3+relu+tanh", 17, "+tanh stands here twice"],
    ["ic1ih5oc1kh3+gelu", 12, 'unknown suffix "+gelu"'],
    ["ic1ih5oc1kh3+", 12, 'unknown suffix "+"'],
    ["ic1ih5oc1kh3+relu ", 17, "cannot read on"],
    ["ic1ih5oc1kh3+relu(alpha=1)", 12, "relu has no parameter alpha"],
    ["ic1ih5oc1kh3+elu(constructor=1)", 12, "elu has no parameter constructor"],
    ["ic1ih5oc1kh3+clip(min=0,max=x)", 24, 'cannot read "max=x"'],
    ["ic1ih5oc1kh3+clip(min=0,min=1)", 24, "min stands here twice"],
  ])("%s: the error points at %i", (text, position, words) => {
    const error = errorOf(text);
    expect(error).toMatchObject({ code: "argument.format", details: { position } });
    expect(error.message).toContain(words);
    expect(error.message).toContain(`character ${position}:`);
  });

  test.each([
    ["ic1ih5oc1kh7", "argument.kernel-exceeds-input"],
    ["ic0ih5oc1kh1", "argument.shape"],
    ["ic1ih5oc1kh1sh0", "argument.strides"],
    ["ic1ih5oc1kh1dh0", "argument.dilations"],
    ["ic3ih5oc4kh1g2", "argument.groups"],
    ["ic99999999999999999999ih5oc1kh1", "argument.overflow"],
    ["ic1ih5oc1kh1+clip(min=2,max=1)", "argument.activation"],
  ])("%s: %s", (text, code) => {
    expect(errorOf(text)).toMatchObject({ code });
  });

  test("a message shows the text as it was given and asks for what is needed only", () => {
    expect(errorOf("ic3ih5").message).toBe(
      'problem string, character 6: there is no oc; got "ic3ih5", ' +
        "wanted at least ic, ih, oc and kh, such as ic3ih8oc4kh3 [argument.format]",
    );
  });

  test("what is not a string is refused", () => {
    expect(errorOf(7 as unknown as string).code).toBe("argument.format");
  });
});

test("parseProblem(formatProblem(p)) equals p", () => {
  const size = fc.integer({ min: 1, max: 9999 });
  const few = fc.oneof(fc.constant(1), fc.integer({ min: 1, max: 7 }));
  const pad = fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 9 }));
  const number = fc.double({ noNaN: true });
  const activation = fc
    .record({
      kind: fc.constantFrom(...activationKinds),
      alpha: number,
      beta: number,
      bounds: fc.tuple(number, number),
    })
    .map(({ bounds, ...rest }): Activation | undefined => {
      const [min, max] = bounds.sort((a, b) => a - b);
      return normaliseActivation({ ...rest, min, max }, "test");
    });
  const letters = fc.record({
    ...{ n: few, channels: few, more: few, groups: few, kh: few, kw: few, sh: few, sw: few, dh: few, dw: few },
    ...{ pt: pad, pb: pad, pl: pad, pr: pad, ih: size, iw: size, bias: fc.boolean() },
    activation: fc.option(activation, { nil: undefined }),
  });
  fc.assert(
    fc.property(letters, ({ channels, more, ih, iw, activation, ...rest }) => {
      const { groups, kh, kw, dh, dw } = rest;
      const p = makeProblem(
        {
          ...rest,
          ...{ ic: channels * groups, oc: more * groups, ih: ih + (kh - 1) * dh, iw: iw + (kw - 1) * dw },
          ...(activation !== undefined && { activation }),
        },
        "test",
      );
      expect(parseProblem(formatProblem(p)), formatProblem(p)).toEqual(p);
    }),
    { numRuns: 500 },
  );
});
