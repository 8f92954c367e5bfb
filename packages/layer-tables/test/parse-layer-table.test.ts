import { describeConv2d, parseProblem } from "@leanconv/conv";
import { isConvError } from "@leanconv/core";
import { describe, expect, test } from "vitest";
import { parseLayerTable } from "../src/index.ts";

const options = {
  inputChannels: 3,
  outputChannels: 8,
  input: [27, 37],
  kernel: [3, 5],
  padding: [1, 0, 2, 1],
} as const;

describe("parseLayerTable", () => {
  test("reads a list with problem strings and options", () => {
    const rows = [
      { name: "first", problem: "ic3ih27oc8kh3ph1+bias+relu" },
      { name: "second", ...options },
    ];
    const expected = [
      {
        network: "layers",
        layers: [
          { name: "first", problem: parseProblem("ic3ih27oc8kh3ph1+bias+relu") },
          { name: "second", problem: describeConv2d(options) },
        ],
      },
    ];
    expect(parseLayerTable(rows)).toEqual(expected);
    expect(parseLayerTable(JSON.stringify(rows))).toEqual(expected);
  });

  test("reads an object of lists, in its order", () => {
    const table = {
      ours: [{ name: "a", problem: "ic1ih5oc1kh3" }],
      theirs: [
        { name: "a", problem: "ic2ih5oc1kh3" },
        { name: "b", problem: "ic3ih5oc1kh3" },
      ],
    };
    const parsed = parseLayerTable(table);
    expect(parsed.map(({ network, layers }) => [network, layers.map(({ problem }) => problem.ic)])).toEqual([
      ["ours", [1]],
      ["theirs", [2, 3]],
    ]);
  });

  test.each([
    ["{ not json", "argument.format", "layer table: not JSON"],
    ["7", "argument.format", "neither a list of layers nor an object"],
    [undefined, "argument.format", "neither a list of layers nor an object"],
    [{}, "argument.format", "neither a list of layers nor an object"],
    [[], "argument.format", "layer table, layers: a list without layers"],
    [{ vgg: 3 }, "argument.format", "layer table, vgg: not a list of layers"],
    [{ vgg: [null] }, "argument.format", "layer table, vgg[0]: not a layer"],
    [["ic1ih5oc1kh3"], "argument.format", "layers[0]: not a layer"],
    [[{ problem: "ic1ih5oc1kh3" }], "argument.format", "layers[0]: a layer without a name"],
    [[{ name: "a", problem: "ic1ih5oc1kh3", groups: 1 }], "argument.format", "beside other options; got [groups]"],
    [[{ name: "a", problem: 7 }], "argument.format", "not a string"],
    [[{ name: "a" }], "argument.shape", "layers[0] (a): conv2d: inputChannels"],
    [
      [{ name: "a", ...options, stride: 2 }],
      "argument.name",
      "layers[0] (a): conv2d: there is no such option; got stride",
    ],
    [
      {
        x: [
          { name: "a", ...options },
          { name: "b", ...options, groups: 2 },
        ],
      },
      "argument.groups",
      "x[1] (b): conv2d",
    ],
    [{ x: [{ name: "a", problem: "ic1zz" }] }, "argument.format", "x[0] (a): problem string, character 3"],
    [[{ name: "a", problem: "ic1ih5oc1kh7" }], "argument.kernel-exceeds-input", "layers[0] (a): problem ic1ih5oc1kh7"],
  ])("refuses %j with %s", (json, code, words) => {
    let thrown: unknown;
    try {
      parseLayerTable(json);
    } catch (error) {
      thrown = error;
    }
    if (!isConvError(thrown)) throw new Error(`accepted, or another error: ${thrown}`);
    expect(thrown.code).toBe(code);
    expect(thrown.message).toContain(words);
    expect(thrown.message.match(/\[argument\./g)).toHaveLength(1);
  });

  test("keeps the position inside a problem string", () => {
    expect(() => parseLayerTable([{ name: "a", problem: "ic1zz1" }])).toThrow(
      expect.objectContaining({ details: { position: 3 } }),
    );
  });
});
