import { loop, type Node, type Program, part, phase, referenceGemm, serial } from "@leanconv/gemm";
import { describe, expect, test } from "vitest";
import { add, at, bound, copy, fill, gemm, program } from "./programs.ts";
import { failingProvider, recordingProvider } from "./recording.ts";

/** Target offsets of all calls, relative to the operand. */
async function targets(made: Program, options: { threads?: number; parts?: number } = {}): Promise<number[]> {
  const { provider, calls } = recordingProvider();
  const { run, start } = await bound(made, provider, options);
  run();
  return calls.map(({ target }) => target - start("x"));
}

describe("loops, parts and steps", () => {
  test("a loop counts from 0, and an address moves with every counter around it", async () => {
    const step = { kernel: 0, times: 2, at: { target: at("x", 1, { i: 100, j: 10, part: 4, step: 2 }) } };
    const body = [loop("i", 2, [loop("j", 3, [phase(part(2, step))])])];
    const expected = [0, 1].flatMap((i) =>
      [0, 1, 2].flatMap((j) => [0, 1].flatMap((p) => [0, 1].map((s) => 1 + 100 * i + 10 * j + 4 * p + 2 * s))),
    );
    expect(await targets(program({ x: 200 }, [fill(1)], body))).toEqual(expected);
  });

  test("loops of no rounds and phases of no parts do nothing", async () => {
    const step = { kernel: 0, at: { target: at("x") } };
    const body = [loop("i", 0, [serial(step)]), phase(), phase(part(0, step)), phase(part(1))];
    expect(await targets(program({ x: 4 }, [fill(1)], body))).toEqual([]);
  });

  test("an inner loop hides an outer one of the same name, and gives it back", async () => {
    const body = [
      loop("i", 2, [
        loop("i", 2, [serial({ kernel: 0, at: { target: at("x", 0, { i: 1 }) } })]),
        serial({ kernel: 0, at: { target: at("x", 10, { i: 1 }) } }),
      ]),
    ];
    expect(await targets(program({ x: 20 }, [fill(1)], body))).toEqual([0, 1, 10, 0, 1, 11]);
  });

  test("a second run starts again", async () => {
    const { provider, calls } = recordingProvider();
    const made = program(
      { x: 9 },
      [fill(1)],
      [loop("i", 3, [serial({ kernel: 0, at: { target: at("x", 0, { i: 2 }) } })])],
    );
    const { run, start } = await bound(made, provider);
    run();
    run();
    expect(calls.map(({ target }) => target - start("x"))).toEqual([0, 2, 4, 0, 2, 4]);
  });

  test("an operand, slot or counter that is not there is refused", async () => {
    const refused = async (made: Program): Promise<void> => {
      await expect(bound(made, referenceGemm())).rejects.toThrowError(
        expect.objectContaining({ code: "argument.descriptor" }),
      );
    };
    await refused(program({ x: 4 }, [fill(1)], [serial({ kernel: 0, at: { target: at("y") } })]));
    await refused(program({ x: 4 }, [fill(1)], [serial({ kernel: 0, at: { target: at("x", 0, { i: 1 }) } })]));
    await refused(program({ x: 4 }, [fill(1)], [serial({ kernel: 1, at: { target: at("x") } })]));
  });
});

describe("row ranges", () => {
  const rowsOf = async (node: Node): Promise<[number, number][]> => {
    const { provider, calls } = recordingProvider();
    const { run } = await bound(program({ x: 64 }, [fill(7, 1, 0)], [node]), provider);
    run();
    return calls.map(({ rowBegin, rowEnd }) => [rowBegin, rowEnd]);
  };

  test("without one, a call runs all rows", async () => {
    expect(await rowsOf(serial({ kernel: 0, at: { target: at("x") } }))).toEqual([[0, 7]]);
  });

  test("a range moves with its counters and stops at its limit", async () => {
    const rows = { begin: { at: 0, by: { part: 3 } }, count: 3, limit: 7 };
    const ranges = await rowsOf(phase(part(3, { kernel: 0, rows, at: { target: at("x") } })));
    expect(ranges).toEqual([
      [0, 3],
      [3, 6],
      [6, 7],
    ]);
  });

  test("a range behind its limit is empty or reversed, and its kernel does nothing", async () => {
    const rows = { begin: { at: 6, by: { part: 3 } }, count: 3, limit: 7 };
    const made = program({ x: 7 }, [fill(7, 0, 0)], [phase(part(2, { kernel: 0, rows, at: { target: at("x") } }))]);
    const { run, memory } = await bound(made, referenceGemm());
    run();
    expect([...memory.x]).toEqual([1, 2, 3, 4, 5, 6, 0]);
  });
});

describe("guarded nodes", () => {
  /** x is saved, zeroed, used, and put back. */
  const guarded = program(
    { x: 4, y: 4 },
    [copy(4), fill(4, 0), add(4)],
    [
      {
        kind: "guarded",
        save: [serial({ kernel: 0, at: { source: at("x"), target: at("saved") } })],
        body: [
          serial({ kernel: 1, at: { target: at("x") } }),
          serial({ kernel: 2, at: { source: at("x"), target: at("y") } }),
        ],
        restore: [serial({ kernel: 0, at: { source: at("saved"), target: at("x") } })],
      },
    ],
    [{ name: "saved", elements: 4 }],
  );

  test("save, body and restore run in this order", async () => {
    const { run, memory } = await bound(guarded, referenceGemm());
    run();
    expect([...memory.x, ...memory.y]).toEqual([1, 2, 3, 4, 1, 2, 3, 4]);
  });

  test.each([1, 2])("when call %i of the body throws, the input is put back and the error passes", async (call) => {
    const { run, memory } = await bound(guarded, failingProvider(call));
    expect(run).toThrowError("this kernel fails");
    expect([...memory.x]).toEqual([1, 2, 3, 4]);
  });

  test("when saving throws, nothing has been changed and nothing is put back", async () => {
    const { run, memory } = await bound(guarded, failingProvider(0));
    expect(run).toThrowError("this kernel fails");
    expect([...memory.x]).toEqual([1, 2, 3, 4]);
  });
});

describe("parts and threads", () => {
  const step = { kernel: 0, at: { target: at("x", 0, { part: 1 }) } };

  test.each([1, 2, 3, 4, 7, 10, 25])("in %i shares, every part runs exactly once", async (parts) => {
    const two = program({ x: 20 }, [fill(1), fill(1)], [phase(part(7, step, { ...step, kernel: 1 }), part(3, step))]);
    const found = await targets(two, { parts });
    const expected = [0, 1, 2, 3, 4, 5, 6].flatMap((i) => [i, i]).concat([0, 1, 2]);
    expect(found).toEqual(expected);
  });

  test("with fewer parts than shares, single calls are shared out", async () => {
    const { provider, calls } = recordingProvider();
    const { run } = await bound(program({ x: 8 }, [fill(4)], [phase(part(2, step))]), provider, { parts: 3 });
    run();
    expect(calls.map((call) => [call.part, call.parts])).toEqual([0, 0, 1, 1, 2, 2].map((share) => [share, 3]));
  });

  test("a part of several steps is never cut", async () => {
    const { provider, calls } = recordingProvider();
    const made = program({ x: 8 }, [fill(4)], [phase(part(2, step, step))]);
    const { run } = await bound(made, provider, { parts: 5 });
    run();
    expect(calls.map((call) => call.parts)).toEqual([1, 1, 1, 1]);
  });

  test("every thread has its own copy of a per-thread slot and its own scratch; other slots are shared", async () => {
    const slots = [
      { name: "own", elements: 5, perThread: true },
      { name: "shared", elements: 3 },
    ];
    const kernels = [fill(5), fill(3), gemm(1, 1, 1, 1)];
    const body = [
      phase(
        part(
          6,
          { kernel: 0, at: { target: at("own") } },
          { kernel: 1, at: { target: at("shared") } },
          { kernel: 2, at: { a: at("x"), b: at("x"), c: at("x", 1) } },
        ),
      ),
    ];
    const { provider, calls } = recordingProvider(24);
    const made = program({ x: 2 }, kernels, body, slots);
    const { run, workspace } = await bound(made, provider, { threads: 2, parts: 6 });
    run();
    const base = workspace.byteOffset / 4;
    const offsets = calls.map(({ kind, target, scratch }) => [kind, target - base, scratch - base]);
    const thread = (t: number): unknown[] => [
      ["fill", t * 8, 20 + t * 8],
      ["fill", 16, 20 + t * 8],
      ["gemm", -base, 20 + t * 8],
    ];
    expect(offsets).toEqual([0, 1, 0, 1, 0, 1].flatMap(thread));
  });
});
