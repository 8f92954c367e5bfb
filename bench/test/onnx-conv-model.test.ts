import { parseProblem } from "leanconv";
import { describe, expect, test } from "vitest";
import { layerValues } from "../src/layer-values.ts";
import { onnxConvModel } from "../src/peers/onnx-conv-model.ts";
import { bytes, integer, message, text } from "../src/peers/protobuf.ts";

describe("the wire format", () => {
  test("has a varint of seven bits a byte, the lowest first", () => {
    expect([...integer(1, 150)]).toEqual([0x08, 0x96, 0x01]);
    expect([...integer(1, 0)]).toEqual([0x08, 0x00]);
    expect([...integer(20, 2 ** 32)]).toEqual([0xa0, 0x01, 0x80, 0x80, 0x80, 0x80, 0x10]);
  });

  test("has lengths before texts, bytes and messages", () => {
    expect([...text(2, "testing")]).toEqual([0x12, 0x07, 0x74, 0x65, 0x73, 0x74, 0x69, 0x6e, 0x67]);
    expect([...message(3, integer(1, 150))]).toEqual([0x1a, 0x03, 0x08, 0x96, 0x01]);
    expect(bytes(1, new Uint8Array(300)).subarray(0, 3)).toEqual(Uint8Array.of(0x0a, 0xac, 0x02));
  });
});

describe("a model", () => {
  const textOf = (problem: string): string => {
    const p = parseProblem(problem);
    return new TextDecoder("latin1").decode(onnxConvModel(p, layerValues(p)));
  };

  test("has a convolution, and its activation", () => {
    expect(textOf("ic2ih5oc3kh3+bias+relu")).toMatch(/Conv.*Relu/s);
    expect(textOf("ic2ih5oc3kh3+bias+relu6")).toMatch(/Conv.*Clip/s);
    expect(textOf("ic2ih5oc3kh3")).not.toMatch(/Relu|Clip/);
  });

  test("holds the weights as they are", () => {
    const p = parseProblem("ic2ih5oc3kh3+bias");
    const values = layerValues(p);
    const model = Buffer.from(onnxConvModel(p, values));
    expect(model.includes(Buffer.from(values.filter.buffer))).toBe(true);
    expect(model.includes(Buffer.from(values.bias.buffer))).toBe(true);
  });

  test("is refused for an activation that nobody needed so far", () => {
    expect(() => textOf("ic2ih5oc3kh3+tanh")).toThrow("tanh");
  });
});
