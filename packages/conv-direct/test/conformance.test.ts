import { existsSync, globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describeFromShapes, type TensorConv2dOptions } from "@leanconv/conv";
import { describe, expect, test } from "vitest";
import { directConv2d } from "../src/index.ts";
import { dense, elements } from "./views.ts";

// Cases of other projects. They are no part of this one: the tests skip where the folder is not beside the checkout.
const folder = join(import.meta.dirname, "../../../../shared/conformance/conv2d");
const files = existsSync(folder) ? globSync("*.json", { cwd: folder }).sort() : [];

interface Tensor {
  readonly shape: readonly number[];
  readonly data: readonly number[];
}

interface Case {
  readonly name: string;
  readonly input: Tensor;
  readonly filter: Tensor;
  readonly bias?: Tensor;
  readonly expected: Tensor;
  readonly options: TensorConv2dOptions & {
    readonly activation?: { readonly name: string };
    readonly autoPad?: unknown;
  };
}

/** Their names of activations in our spelling; their prelu carries its slopes as `alpha`. */
function activationOf({ activation }: Case["options"]) {
  if (activation === undefined) return { kind: "none" } as const;
  const { name, alpha, minValue, maxValue, ...rest } = activation as Record<string, unknown> & { name: string };
  const kinds: Record<string, string> = { leakyrelu: "leaky-relu", hardsigmoid: "hard-sigmoid", clamp: "clip" };
  const bounds = { ...(minValue !== undefined && { min: minValue }), ...(maxValue !== undefined && { max: maxValue }) };
  return { kind: kinds[name] ?? name, ...(alpha !== undefined && { alpha }), ...bounds, ...rest };
}

describe.skipIf(files.length === 0)("conv2d cases of other projects, in ../shared/conformance", () => {
  test.each(files.length === 0 ? ["no cases"] : files)("%s", (file) => {
    const { cases } = JSON.parse(readFileSync(join(folder, file), "utf8")) as { cases: Case[] };
    expect(cases.length).toBeGreaterThan(0);
    for (const { name, input, filter, bias, expected, options } of cases) {
      const { autoPad: _, activation: __, ...rest } = options;
      const activation = activationOf(options) as { kind: "prelu"; alpha?: readonly number[] };
      const slopes = activation.kind === "prelu" ? activation.alpha : undefined;
      const p = describeFromShapes(
        input,
        filter,
        { ...rest, activation, bias, ...(slopes && { slopes: { shape: [slopes.length] } }) },
        name,
      );
      const layout = options.inputLayout ?? "nchw";
      const view = (tensor: Tensor, shape: readonly number[], logical: string, physical: string) =>
        dense(Float64Array.from(tensor.data), shape, logical, physical);
      const operands = {
        input: view(input, [p.n, p.ic, p.ih, p.iw], "nchw", layout),
        filter: view(filter, [p.oc, p.ic / p.groups, p.kh, p.kw], "oihw", options.filterLayout ?? "oihw"),
        ...(bias && { bias: bias.data }),
        ...(slopes && { slopes }),
      };
      const shape = [p.n, p.oc, p.oh, p.ow];
      const output = dense(new Float64Array(elements(shape)), shape, "nchw", layout);
      directConv2d(p, { ...operands, output });
      expect(expected.shape, name).toEqual([...layout].map((axis) => shape["nchw".indexOf(axis)]));
      for (const [at, want] of expected.data.entries()) {
        const tolerance = (file === "tfjs-fused.json" ? 1e-3 : 1e-4) * Math.max(1e-2, Math.abs(want));
        expect(Math.abs(output.data[at] - want), `${name}, element ${at}`).toBeLessThanOrEqual(tolerance);
      }
    }
  });
});
