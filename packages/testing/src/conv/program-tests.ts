import { type ConvProgram, formatProblem, requirements } from "@leanconv/conv";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { AlgorithmUnderTest } from "./conv-kit.ts";
import { layoutPairs, offersOf } from "./offers.ts";
import { notPlain } from "./plain-data.ts";
import { problems } from "./problems.ts";

/** Programs are plain data, the same for the same question, and exist for exactly the variants that are not refused. */
export function testPrograms({ algorithm, provider, limits, runs }: AlgorithmUnderTest): void {
  test("programs are plain data and pure, and a refused variant has none", () => {
    fc.assert(
      fc.property(problems(limits), fc.constantFrom(...layoutPairs), fc.boolean(), (problem, pair, exclusiveInput) => {
        for (const { variant, refusal } of offersOf(algorithm, problem, [pair], { exclusiveInput })) {
          const name = `${JSON.stringify(variant)} ${formatProblem(problem)}`;
          const make = (): ConvProgram => algorithm.program(problem, variant, provider());
          if (refusal && refusal.code !== "unsupported.shared-input") {
            expect(make, name).toThrowError(expect.objectContaining({ code: refusal.code }));
            continue;
          }
          const program = make();
          expect(program.algorithm).toBe(algorithm.name);
          expect(program.variant).toEqual(variant);
          expect(notPlain(program), name).toBeUndefined();
          expect(make(), name).toEqual(program);
          expect(requirements(program, provider()), name).toEqual(requirements(make(), provider()));
        }
      }),
      { numRuns: runs },
    );
  });

  test("a form that does not exist is refused by name", () => {
    const [problem] = fc.sample(problems(), { seed: 3, numRuns: 1 });
    const [{ variant }] = offersOf(algorithm, problem);
    expect(() => algorithm.program(problem, { ...variant, form: "no such form" }, provider())).toThrowError(
      expect.objectContaining({ code: "argument.name" }),
    );
  });
}
