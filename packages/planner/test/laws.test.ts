import { describeConv2d } from "@leanconv/conv";
import { im2col } from "@leanconv/conv-im2col";
import { implicitGemm } from "@leanconv/conv-implicit-gemm";
import { isConvError } from "@leanconv/core";
import { referenceGemm } from "@leanconv/gemm";
import fc from "fast-check";
import { expect, test } from "vitest";
import { isRated, type NamedProblem, type Plan, parsePlan, planLayers } from "../src/index.ts";

const provider = referenceGemm();
const algorithms = [im2col, implicitGemm];

const size = (max: number): fc.Arbitrary<number> => fc.integer({ min: 1, max });

const problem = fc
  .record({ n: size(2), g: size(3), ic: size(8), oc: size(8), h: size(40), w: size(40), k: size(3), s: size(2) })
  .map(({ n, g, ic, oc, h, w, k, s }) =>
    describeConv2d({
      ...{ batch: n, inputChannels: ic * g, outputChannels: oc * g, groups: g, input: [h, w], kernel: [k, k] },
      ...{ strides: s, padding: "same-upper", bias: true },
    }),
  );

const layerList: fc.Arbitrary<readonly NamedProblem[]> = fc
  .array(problem, { minLength: 1, maxLength: 4 })
  .map((problems) => problems.map((one, at) => ({ name: `layer${at}`, problem: one })));

const budgetBytes = fc.integer({ min: 0, max: 1 << 20 });
const layout = fc.constantFrom("nchw" as const, "nhwc" as const);

function plan(layers: readonly NamedProblem[], workspaceBytes: number, images: "nchw" | "nhwc"): Plan | undefined {
  try {
    return planLayers(layers, { algorithms, provider, budget: { workspaceBytes }, layout: images });
  } catch (error) {
    if (isConvError(error) && error.code === "resource.over-budget") return undefined;
    throw error;
  }
}

test("more budget is never slower, and never impossible where less was enough", () => {
  fc.assert(
    fc.property(layerList, budgetBytes, budgetBytes, layout, (layers, a, b, images) => {
      const less = plan(layers, Math.min(a, b), images);
      const more = plan(layers, Math.max(a, b), images);
      if (less === undefined) return;
      expect(more).toBeDefined();
      expect(more!.seconds).toBeLessThanOrEqual(less.seconds);
    }),
  );
});

test("no layer exceeds the budget, and the totals are those of the layers", () => {
  fc.assert(
    fc.property(layerList, budgetBytes, layout, (layers, budget, images) => {
      const made = plan(layers, budget, images);
      if (made === undefined) return;
      const chosen = made.layers.map((layer) => layer.chosen);
      expect(made.workspaceBytes).toBe(Math.max(...chosen.map((one) => one.workspaceBytes)));
      expect(made.workspaceBytes).toBeLessThanOrEqual(budget);
      expect(made.packedBytes).toBe(chosen.reduce((sum, one) => sum + one.packedBytes, 0));
      expect(made.seconds).toBe(chosen.reduce((sum, one) => sum + one.seconds, 0));
    }),
  );
});

test("equal arguments give equal plans, whatever the order of the algorithms", () => {
  fc.assert(
    fc.property(layerList, layout, (layers, images) => {
      const options = { provider, budget: {}, layout: images };
      const first = planLayers(layers, { ...options, algorithms });
      const second = planLayers(layers, { ...options, algorithms: [...algorithms].reverse() });
      expect(JSON.stringify(planLayers(layers, { ...options, algorithms }))).toBe(JSON.stringify(first));
      expect(second.layers.map((layer) => layer.chosen)).toEqual(first.layers.map((layer) => layer.chosen));
    }),
  );
});

test("every variant of every algorithm is accounted for, exactly one as chosen", () => {
  fc.assert(
    fc.property(layerList, budgetBytes, layout, (layers, budget, images) => {
      const made = plan(layers, budget, images);
      for (const layer of made?.layers ?? []) {
        const context = { inputLayout: images, outputLayout: images, threads: 1, exclusiveInput: false };
        const offers = algorithms.flatMap(({ name, variants }) =>
          variants(layer.problem, context).map(({ variant }) => JSON.stringify([name, variant])),
        );
        const seen = layer.candidates.map(({ algorithm, variant }) => JSON.stringify([algorithm, variant]));
        expect([...seen].sort()).toEqual([...offers].sort());
        expect(layer.candidates.filter(({ status }) => status === "chosen")).toEqual([layer.chosen]);
        for (const candidate of layer.candidates) {
          expect(candidate.reason).not.toBe("");
          if (!isRated(candidate)) expect(candidate.status).toMatch(/^(unsupported|resource|argument)\./);
          else if (candidate.status === "eligible") {
            expect(candidate.seconds).toBeGreaterThanOrEqual(layer.chosen.seconds);
            expect(candidate.workspaceBytes).toBeLessThanOrEqual(budget);
          } else if (candidate.status === "resource.workspace-limit") {
            expect(candidate.workspaceBytes).toBeGreaterThan(budget);
          }
        }
      }
    }),
  );
});

test("the smallest budget an error names is feasible, and one byte less is not", () => {
  fc.assert(
    fc.property(layerList, layout, (layers, images) => {
      const only = { algorithms: [im2col], provider, layout: images };
      try {
        planLayers(layers, { ...only, budget: { workspaceBytes: 0 } });
      } catch (error) {
        if (!isConvError(error)) throw error;
        expect(error.code).toBe("resource.over-budget");
        const { layer, smallestBytes, algorithm } = error.details as Record<string, never>;
        const enough = planLayers(layers, { ...only, budget: { workspaceBytes: smallestBytes } });
        expect(enough.workspaceBytes).toBe(smallestBytes);
        expect(enough.layers.find(({ name }) => name === layer)?.chosen.algorithm).toBe(algorithm);
        expect(() => planLayers(layers, { ...only, budget: { workspaceBytes: smallestBytes - 1 } })).toThrow(
          /resource\.over-budget/,
        );
      }
    }),
  );
});

test("JSON there and back gives the same plan and the same explanation", () => {
  fc.assert(
    fc.property(layerList, layout, (layers, images) => {
      const made = planLayers(layers, { algorithms, provider, budget: {}, layout: images });
      const read = parsePlan(JSON.stringify(made)) as Plan;
      expect(read.toJSON()).toEqual(made.toJSON());
      expect(read.explain()).toBe(made.explain());
      for (const { name } of made.layers) expect(read.explain(name)).toBe(made.explain(name));
    }),
  );
});
