import { type ConvAlgorithm, parseProblem } from "@leanconv/conv";
import { referenceGemm } from "@leanconv/gemm";
import { wasmGemm } from "@leanconv/gemm-wasm";
import { randomFrom } from "@leanconv/testing";
import { describe, expect, test } from "vitest";
import { winogradF2, winogradF4 } from "../src/index.ts";
import { runAlgorithm } from "./run.ts";

const p = parseProblem("ic5ih14iw15oc7kh3ph1");
const random = randomFrom(3);
const input = new Float32Array(p.ic * p.ih * p.iw).map(() => random() - 0.5);
const filter = new Float32Array(p.oc * p.ic * 9).map(() => random() - 0.5);

describe.each([winogradF2, winogradF4])("$name", (algorithm: ConvAlgorithm) => {
  const { tile } = algorithm.errorClass;
  const places = [
    [0, 0],
    [tile - 1, tile],
    [6, 7],
    [p.ih - 1, p.iw - 1],
  ];
  test.each([Number.NaN, Number.POSITIVE_INFINITY])(
    "%d in one pixel reaches what reads it, and at most the tiles that do",
    async (bad) => {
      using wasm = await wasmGemm();
      for (const provider of [referenceGemm(), wasm]) {
        for (const layout of ["nchw", "nhwc"] as const) {
          const clean = await runAlgorithm(algorithm, p, provider, input, filter, layout);
          for (const [line, column] of places) {
            const spoiled = input.slice();
            spoiled[(2 * p.ih + line) * p.iw + column] = bad;
            const got = await runAlgorithm(algorithm, p, provider, spoiled, filter, layout);
            got.forEach((value, at) => {
              const [y, x] = [Math.floor(at / p.ow) % p.oh, at % p.ow];
              const near = (o: number, i: number): boolean => i >= o - 1 && i <= o + 1;
              // A tile reads one pixel more than it writes on every side.
              const inTile = (o: number, i: number): boolean => {
                const first = o - (o % tile);
                return i >= first - 1 && i <= first + tile;
              };
              const name = `${provider.name} ${layout}, pixel ${line} ${column}, output ${y} ${x}`;
              if (near(y, line) && near(x, column)) expect(Number.isFinite(value), name).toBe(false);
              else if (!(inTile(y, line) && inTile(x, column))) expect(value, name).toBe(clean[at]);
            });
          }
        }
      }
    },
  );

  test("a NaN in a filter spoils its output channel and no other", async () => {
    using wasm = await wasmGemm();
    const clean = await runAlgorithm(algorithm, p, wasm, input, filter);
    const spoiled = filter.slice();
    spoiled[(3 * p.ic + 1) * 9 + 4] = Number.NaN;
    const got = await runAlgorithm(algorithm, p, wasm, input, spoiled);
    got.forEach((value, at) => {
      const channel = Math.floor(at / (p.oh * p.ow));
      if (channel === 3) expect(value).toBeNaN();
      else expect(value).toBe(clean[at]);
    });
  });
});
