import {
  type Address,
  type CopyDescriptor,
  checkProgramExtents,
  type GemmDescriptor,
  type KernelDescriptor,
  loop,
  type PatchB,
  type Places,
  type Program,
  part,
  phase,
  type RowRange,
  referenceGemm,
  serial,
  type TransformDescriptor,
} from "@leanconv/gemm";
import { describe, expect, test } from "vitest";
import { add, at, fill, gemm, program } from "./programs.ts";

const provider = referenceGemm();
const check = (made: Program): void => checkProgramExtents(made, provider, "test");

/** Accepts the address as it is, and refuses it one element earlier and one later. */
function tight(kernel: KernelDescriptor, places: Places, role: keyof Places, sizes: Record<string, number>): void {
  const moved = (by: number): Program => {
    const address = places[role] as Address;
    return program(
      sizes,
      [kernel],
      [serial({ kernel: 0, at: { ...places, [role]: { ...address, at: address.at + by } } })],
    );
  };
  expect(() => check(moved(0))).not.toThrow();
  for (const by of [-1, 1]) {
    expect(() => check(moved(by)), `${role} ${by}`).toThrowError(
      expect.objectContaining({ code: "argument.descriptor" }),
    );
  }
}

const pack = {
  kind: "pack",
  dtype: "float32",
  batch: [[3, 24]],
  rows: [[4, 6]],
  k: [
    [2, 3],
    [3, 1],
  ],
} as const;
const packedProduct: GemmDescriptor = {
  ...gemm(4, 3, 1, 5),
  ...{ a: { kind: "packed", pack }, batch: { count: 2, a: 1, b: 0, c: 20 } },
};

describe("an address one element off is caught", () => {
  const product = gemm(3, 4, 2, 5);
  const places = { a: at("a"), b: at("b"), c: at("c") };
  const sizes = { a: 12, b: 40, c: 30 };

  test.each(["a", "b", "c"] as const)("of %s in a plain product", (role) => tight(product, places, role, sizes));

  test("of bias and slopes", () => {
    const prelu: GemmDescriptor = { ...product, bias: true, activation: { kind: "prelu" } };
    const all = { ...places, bias: at("bias"), slopes: at("slopes") };
    for (const role of ["bias", "slopes"] as const) tight(prelu, all, role, { ...sizes, bias: 3, slopes: 3 });
  });

  test("of a patch, whose whole image may be read", () => {
    const b: PatchB = {
      ...{
        kind: "patch",
        channels: 2,
        taps: [
          { dy: -9, dx: 0 },
          { dy: 0, dx: 9 },
        ],
        ih: 3,
        iw: 4,
        sh: 1,
        sw: 1,
      },
      ...{ channel: 12, line: 4, col: 1 },
    };
    tight({ ...product, b }, places, "b", { ...sizes, b: 24 });
  });

  test("of panels, and of the depth in them", () => {
    const panels: GemmDescriptor = { ...product, b: { kind: "panels", depth: 6 } };
    tight(panels, places, "b", { ...sizes, b: provider.panelElements(6, 10) });
    const deep = (k: number): Program =>
      program(
        { ...sizes, b: 72 },
        [panels],
        [serial({ kernel: 0, at: { ...places, b: { ...at("b"), k: { at: k } } } })],
      );
    expect(() => check(deep(2))).not.toThrow();
    expect(() => check(deep(3))).toThrowError(/k 3 to 7, wanted k 0 to 6/);
    expect(() => check(deep(-1))).toThrow();
  });

  test("of negative strides", () => {
    tight({ ...product, a: { kind: "plain", m: -4, k: 1 } }, { ...places, a: at("a", 8) }, "a", sizes);
  });

  test("of batches", () => {
    const batched: GemmDescriptor = { ...product, batch: { count: 3, a: 12, b: 0, c: -30 } };
    tight(batched, { ...places, c: at("c", 60) }, "a", { ...sizes, a: 36, c: 90 });
    tight(batched, { ...places, c: at("c", 60) }, "c", { ...sizes, a: 36, c: 90 });
  });

  test("of movers", () => {
    const target = at("target");
    tight(add(7), { source: at("source"), target }, "source", { source: 7, target: 7 });
    tight(add(7), { source: at("source"), target }, "target", { source: 7, target: 7 });
    const vector = { ...fill(7), extents: [3, 7], target: [7, 1], value: { values: [2, 0] } };
    tight(vector, { target, values: at("values") }, "values", { target: 21, values: 5 });
    const prelu = { kind: "activate", dtype: "float32", extents: [3, 7], target: [7, 1] } as const;
    const slopes = { ...prelu, activation: { kind: "prelu" }, slopes: [1, 0] } as const;
    tight(slopes, { target, slopes: at("slopes") }, "slopes", { target: 21, slopes: 3 });
  });

  test("of a copy with bounds, which reads the image but is addressed outside of it", () => {
    // Rows of 5 from an image of 3 x 4, padded by one on all sides, for a 2 x 2 kernel.
    const patches: CopyDescriptor = {
      ...{ kind: "copy", dtype: "float32", extents: [2, 2, 4, 5], source: [4, 1, 4, 1] },
      target: { kind: "strided", strides: [40, 20, 5, 1] },
      bounds: [
        { extent: 3, offset: -1, steps: [1, 0, 1, 0] },
        { extent: 4, offset: -1, steps: [0, 1, 0, 1] },
      ],
    };
    tight(patches, { source: at("image", -5), target: at("target") }, "source", { image: 12, target: 80 });
    tight(patches, { source: at("image", -5), target: at("target") }, "target", { image: 12, target: 80 });
  });

  test("of a copy into panels, and of the depth in them", () => {
    const panels: CopyDescriptor = {
      ...{ kind: "copy", dtype: "float32", extents: [3, 10], source: [10, 1] },
      target: { kind: "panels", depth: 5, k: [1, 0], col: [0, 1] },
    };
    const elements = provider.panelElements(5, 10);
    const places = { source: at("source"), target: at("target") };
    tight(panels, places, "target", { source: 30, target: elements });
    const deep = { ...places, target: { ...at("target"), k: { at: 3 } } };
    const made = program({ source: 30, target: elements }, [panels], [serial({ kernel: 0, at: deep })]);
    expect(() => check(made)).toThrowError(/k 3 to 6, wanted k 0 to 5/);
  });

  test("of a tile transform, on both sides", () => {
    const image = { height: 3, width: 5, channel: 16, line: 5, col: 1, top: -1, left: 0 };
    const transform: TransformDescriptor = {
      ...{ kind: "transform", dtype: "float32", tile: 2, to: "points", channels: 2, grid: [2, 2] },
      ...{ image, points: { kind: "strided", point: 8, channel: 4, tile: 1 } },
    };
    const places = { source: at("image"), target: at("points") };
    tight(transform, places, "source", { image: 31, points: 128 });
    tight(transform, places, "target", { image: 31, points: 128 });
  });
});

describe("what else is caught", () => {
  const refuses = (made: Program, message: RegExp): void => {
    expect(() => check(made)).toThrowError(expect.objectContaining({ code: "argument.descriptor" }));
    expect(() => check(made)).toThrowError(message);
  };
  const x = { x: 8 };

  test("a counter that leaves at its last value", () => {
    const made = (count: number): Program =>
      program(
        x,
        [fill(2)],
        [loop("i", count, [phase(part(2, { kernel: 0, at: { target: at("x", 0, { i: 3, part: 1 }) } }))])],
      );
    expect(() => check(made(2))).not.toThrow();
    refuses(made(3), /leaves "x" as its target; got elements 0 to 8/);
  });

  test("a row range outside of the kernel's rows, and one that leaves the operand", () => {
    const made = (rows: RowRange, size: number): Program =>
      program({ x: size }, [fill(5, 0, 0)], [phase(part(3, { kernel: 0, rows, at: { target: at("x") } }))]);
    const rows = { begin: { at: 0, by: { part: 2 } }, count: 2, limit: 5 };
    expect(() => check(made(rows, 5))).not.toThrow();
    refuses(made(rows, 4), /leaves "x"/);
    refuses(made({ ...rows, limit: 6 }, 9), /leaves its rows/);
    refuses(made({ ...rows, begin: { at: -1 } }, 9), /leaves its rows/);
  });

  test("a batch or a depth outside of a packed constant, or another form of it", () => {
    const made = (address: Partial<Address>, descriptor = packedProduct): Program => {
      const plain = program(
        { b: 15, c: 40 },
        [descriptor],
        [serial({ kernel: 0, at: { a: { of: "w", at: 0, ...address }, b: at("b"), c: at("c") } })],
      );
      return { ...plain, operands: [...plain.operands, { name: "w", access: "read", pack }] };
    };
    expect(() => check(made({ at: 1, k: { at: 3 } }))).not.toThrow();
    refuses(made({ at: 2 }), /leaves the packed constant "w"; got batches 2 to 3/);
    refuses(made({ at: -1 }), /batches -1/);
    refuses(made({ k: { at: 4 } }), /k 4 to 7/);
    const other = { ...pack, rows: [[5, 6]] } as const;
    refuses(made({}, { ...packedProduct, a: { kind: "packed", pack: other } }), /another form/);
    refuses(made({}, { ...gemm(4, 3, 1, 5) }), /takes the packed constant "w" as its a/);
  });

  test("a write to an operand that is only read", () => {
    const made = program(x, [fill(2)], [serial({ kernel: 0, at: { target: at("x") } })]);
    refuses({ ...made, operands: [{ name: "x", access: "read", extent: [0, 8] }] }, /writes "x", which is only read/);
  });

  test("a place that is missing, and one in an operand that is", () => {
    refuses(program(x, [fill(2)], [serial({ kernel: 0, at: {} })]), /has no address of its target/);
    refuses(program(x, [fill(2)], [serial({ kernel: 0, at: { target: at("z") } })]), /no operand or slot "z"/);
    const biased = { ...gemm(1, 1, 1, 1), bias: true };
    const places = { a: at("x"), b: at("x"), c: at("x") };
    refuses(program(x, [biased], [serial({ kernel: 0, at: places })]), /no address of its bias/);
  });

  test("steps inside of guarded nodes", () => {
    const good = [serial({ kernel: 0, at: { target: at("x") } })];
    const bad = [serial({ kernel: 0, at: { target: at("x", 7) } })];
    for (const place of ["save", "body", "restore"] as const) {
      const node = { kind: "guarded", save: good, body: good, restore: good, [place]: bad } as const;
      refuses(program(x, [fill(2)], [node]), /leaves "x"/);
    }
  });

  test("slots are as closed as operands", () => {
    const made = (offset: number): Program =>
      program({}, [fill(2)], [serial({ kernel: 0, at: { target: at("s", offset) } })], [{ name: "s", elements: 4 }]);
    expect(() => check(made(2))).not.toThrow();
    refuses(made(3), /leaves "s"/);
  });

  test("nothing where nothing runs", () => {
    const step = { kernel: 0, at: { target: at("x", 100) } };
    expect(() => check(program(x, [fill(2)], [loop("i", 0, [serial(step)]), phase(part(0, step))]))).not.toThrow();
    expect(() => check(program(x, [fill(0)], [serial(step)]))).not.toThrow();
  });
});
