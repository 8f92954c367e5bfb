import {
  bindConv2d,
  type ConvBinding,
  type ConvProgram,
  type PreparedWeights,
  parseProblem,
  prepareWeights,
  requirements,
} from "@leanconv/conv";
import { Heap } from "@leanconv/core";
import type { GemmProvider } from "@leanconv/gemm";
import type { StridedView } from "@leanconv/tensor";
import { describe, expect, test } from "vitest";
import { convData } from "./conv-data.ts";
import type { AlgorithmUnderTest } from "./conv-kit.ts";
import { acceptedOf, offersOf } from "./offers.ts";

interface Fixture {
  readonly program: ConvProgram;
  readonly prepared: PreparedWeights;
  readonly binding: ConvBinding & { readonly input: StridedView; readonly output: StridedView };
}

type Change = (made: Fixture) => Partial<ConvBinding>;

/** Memory that does not fit a program is refused with a code before anything runs. */
export function testConvBinding(under: AlgorithmUnderTest): void {
  const { algorithm, provider } = under;
  const cases: Record<string, readonly [string, Change]> = {
    "an input of another shape": [
      "argument.shape",
      ({ binding: { input } }) => ({ input: { ...input, shape: [1, 4, 9, 12] } }),
    ],
    "an output without its batch axis": [
      "argument.rank",
      ({ binding: { output } }) => ({ output: { ...output, shape: output.shape.slice(1) } }),
    ],
    "an input of other strides": [
      "argument.strides",
      ({ binding: { input } }) => ({ input: { ...wide(input), stride: input.stride.map((stride) => stride + 1) } }),
    ],
    "an output that is one element too short": [
      "argument.shape",
      ({ binding: { output } }) => ({ output: { ...output, data: output.data.subarray(1) } }),
    ],
    "an output over its input": ["argument.range", ({ binding }) => ({ output: overlapping(binding) })],
    "an input outside of the heap": [
      "state.wrong-memory",
      ({ binding: { input } }) => ({ input: { ...input, data: input.data.slice() } }),
    ],
  };

  describe("binding refuses", () => {
    test.each(Object.entries(cases))("%s", (_, [code, change]) => {
      withFixture(under, (made) => {
        const { program, prepared, binding } = made;
        expect(() => bindConv2d(program, provider(), prepared, { ...binding, ...change(made) })).toThrowError(
          expect.objectContaining({ code }),
        );
      });
    });

    test("another provider, other weights, and a workspace that is missing, too small or misaligned", () => {
      const { refuses } = under;
      withFixture(under, ({ program, prepared, binding }) => {
        const refused = (code: string, change: () => unknown): void =>
          expect(change).toThrowError(expect.objectContaining({ code }));
        const other = { ...program, provider: "another" };
        refused("argument.plan-mismatch", () => bindConv2d(other, provider(), prepared, binding));
        const foreign = { ...prepared, key: "another" };
        refused("argument.packed-for-other", () => bindConv2d(program, provider(), foreign, binding));
        const { workspace, ...without } = binding;
        if (workspace) {
          const small = { ...binding, workspace: { ...workspace, bytes: workspace.bytes - 4 } };
          const crooked = { ...binding, workspace: { ...workspace, byteOffset: workspace.byteOffset + 4 } };
          refused("resource.workspace-too-small", () => bindConv2d(program, provider(), prepared, small));
          refused("resource.misaligned", () => bindConv2d(program, provider(), prepared, crooked));
          refused("resource.workspace-too-small", () => bindConv2d(program, provider(), prepared, without));
        }
        const strange = new Heap(new ArrayBuffer(64), { provider: "nobody", alignBytes: 16 });
        const region = { ...prepared.weights, heap: strange };
        refused("state.wrong-memory", () => bindConv2d(program, provider(), { ...prepared, weights: region }, binding));
      });
      const problem = parseProblem(layer);
      for (const { variant } of acceptedOf(offersOf(algorithm, problem), refuses, problem)) {
        const program = algorithm.program(problem, variant, provider());
        if (!program.operands.some(({ access }) => access === "exclusive")) continue;
        withFixture(
          under,
          ({ prepared, binding }) => {
            const { exclusiveInput: _, ...shared } = binding;
            expect(() => bindConv2d(program, provider(), prepared, shared)).toThrowError(
              expect.objectContaining({ code: "unsupported.shared-input" }),
            );
          },
          program,
        );
      }
    });
  });
}

const layer = "ic4ih9iw11oc6kh3kw3pt1pb1pl1pr1+bias+relu";

/** The same view over all memory of the heap, in which any strides stay. */
function wide(view: StridedView): StridedView {
  return { ...view, data: new Float32Array(view.data.buffer), offset: view.data.byteOffset / 4 + view.offset };
}

/** The output, moved so that it begins on the input's last element. */
function overlapping({ input, output }: Fixture["binding"]): StridedView {
  const last = input.data.byteOffset / 4 + input.data.length - 1;
  return { ...output, data: new Float32Array(input.data.buffer), offset: last };
}

/** A bound-to-be program with the largest workspace that the algorithm offers, in regions that are given back. */
function withFixture(
  { algorithm, refuses, provider, heap, layouts }: AlgorithmUnderTest,
  use: (made: Fixture) => void,
  given?: ConvProgram,
): void {
  const problem = parseProblem(layer);
  const pair = [layouts[0], layouts[0]] as const;
  const mark = heap().mark();
  const bytes = (program: ConvProgram): number => requirements(program, provider() as GemmProvider).workspaceBytes;
  const programs = acceptedOf(offersOf(algorithm, problem, [pair]), refuses, problem)
    .map(({ variant }) => algorithm.program(problem, variant, provider()))
    .sort((a, b) => bytes(b) - bytes(a));
  const program = given ?? programs[0];
  const data = convData(problem, 5, "integers");
  const prepared = prepareWeights(program, provider(), heap(), data.constants);
  const view = (shape: number[], strides: ConvProgram["views"]["input"]): StridedView => ({
    ...{ data: heap().allocate(4 * shape.reduce((a, b) => a * b)).float32, shape, offset: 0 },
    stride: [strides.n, strides.c, strides.h, strides.w],
  });
  const input = view([1, 4, 9, 11], program.views.input);
  const output = view([1, 6, 9, 11], program.views.output);
  const workspace = bytes(program) > 0 ? heap().allocate(bytes(program)) : undefined;
  use({ program, prepared, binding: { input, output, exclusiveInput: true, ...(workspace && { workspace }) } });
  heap().release(mark);
}
