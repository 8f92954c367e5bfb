import { type Executable, type GemmProvider, loop, type Program, referenceGemm, serial } from "@leanconv/gemm";
import { nullProvider } from "@leanconv/testing";
import { describe, expect, test } from "vitest";
import { add, at, bound, copy, fill, gemm, program } from "./programs.ts";
import { recordingProvider } from "./recording.ts";

const withCode = (code: string): object => expect.objectContaining({ code });

/** A product that takes two slices on paper, and a little. */
const large = gemm(2 ** 9, 2 ** 9, 2 ** 5, 2 ** 4);
const work = { kernel: 0, at: { a: at("x"), b: at("x"), c: at("y") } };
const sizes = { x: 2 ** 18, y: 2 ** 18 };

/** An executable that computes nothing, in memory that is large enough. */
async function onPaper(made: Program, provider: GemmProvider = nullProvider()): Promise<Executable> {
  const heap = await provider.createHeap(4 * 2 ** 19);
  const operands = { x: { data: heap.float32, offset: 0 }, y: { data: heap.float32, offset: 2 ** 18 } };
  return provider.bind(made, { heap, operands });
}

describe("runAsync in slices", () => {
  test("computes what run computes", async () => {
    const body = [loop("i", 3, [serial({ kernel: 0, at: { source: at("x"), target: at("y", 0, { i: 1 }) } })])];
    const made = program({ x: 4, y: 6 }, [add(4)], body);
    const [one, two] = [await bound(made, referenceGemm()), await bound(made, referenceGemm())];
    one.run();
    await two.runAsync();
    expect([...two.memory.y]).toEqual([...one.memory.y]);
  });

  test("cuts long phases into shares, and leaves short ones whole", async () => {
    const { provider, calls } = recordingProvider();
    const short = serial({ kernel: 1, at: { target: at("x") } });
    const executable = await onPaper(program(sizes, [large, fill(8)], [short, serial(work)]), provider);
    await executable.runAsync();
    expect(calls.map(({ kind, part, parts }) => [kind, part, parts])).toEqual([
      ["fill", 0, 1],
      ["gemm", 0, 3],
      ["gemm", 1, 3],
      ["gemm", 2, 3],
    ]);
  });

  test("gives others their turn, and tells the phases done", async () => {
    const executable = await onPaper(program(sizes, [large], [loop("i", 10, [serial(work)])]));
    const seen: string[] = [];
    let running = true;
    const others = (): void => {
      seen.push("turn");
      if (running) setImmediate(others);
    };
    setImmediate(others);
    await executable.runAsync({ onProgress: (done, total) => seen.push(`${done} of ${total}`) });
    running = false;
    const told = seen.filter((line) => line !== "turn");
    expect([...new Set(told)]).toEqual(Array.from({ length: 11 }, (_, done) => `${done} of 10`));
    expect(seen.filter((line) => line === "turn").length).toBeGreaterThanOrEqual(9);
  });

  test("stops where it rests, and restores what is guarded, to the end", async () => {
    const { provider, calls } = recordingProvider();
    const save = [serial({ kernel: 1, at: { source: at("x"), target: at("y") } })];
    const body = [
      {
        kind: "guarded" as const,
        save,
        body: [loop("i", 20_000, [serial({ kernel: 0, at: { target: at("x") } })])],
        restore: save,
      },
    ];
    const { runAsync } = await bound(program({ x: 4, y: 4 }, [fill(4), copy(4)], body), provider);
    const controller = new AbortController();
    const reason = new Error("enough");
    const running = runAsync({ signal: controller.signal });
    controller.abort(reason);
    await expect(running).rejects.toBe(reason);
    expect(calls.length).toBeLessThan(20_002);
    expect(calls.at(-1)?.kind).toBe("copy");
    expect(calls.filter(({ kind }) => kind === "copy").length).toBe(2);
  });

  test("is busy until it is done, and free afterwards, also after a failure", async () => {
    const executable = await onPaper(program(sizes, [large], [loop("i", 3, [serial(work)])]));
    const running = executable.runAsync();
    expect(() => executable.run()).toThrowError(withCode("state.busy"));
    await expect(executable.runAsync()).rejects.toThrowError(withCode("state.busy"));
    await running;
    executable.run();
    const error = new Error("the caller's own");
    const failing = executable.runAsync({
      onProgress() {
        throw error;
      },
    });
    await expect(failing).rejects.toBe(error);
    executable.run();
  });

  test("nothing runs when the provider was disposed", async () => {
    const provider = referenceGemm();
    const { run, runAsync } = await bound(
      program({ x: 4 }, [fill(4)], [serial({ kernel: 0, at: { target: at("x") } })]),
      provider,
    );
    provider.dispose();
    expect(run).toThrowError(withCode("state.disposed"));
    await expect(runAsync()).rejects.toThrowError(withCode("state.disposed"));
  });
});
