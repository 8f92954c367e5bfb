import { openPool, type Pool, type ThreadScript, whyNoThreads } from "@leanconv/wasm-runtime";
import { afterEach, expect, test } from "vitest";

const withCode = (code: string): object => expect.objectContaining({ code });

const scriptOf = (name: string): ThreadScript => ({
  url: new URL(name, import.meta.url),
  start: () => {
    throw new Error("this is not the web");
  },
});

let pool: Pool | undefined;
afterEach(() => pool?.end());

async function open(threads: number, spins = 1000): Promise<{ pool: Pool; words: Int32Array }> {
  pool = await openPool({ script: scriptOf("./counting-worker.ts"), threads, spins });
  const words = new Int32Array(new SharedArrayBuffer(8));
  await pool.askAll(words.buffer);
  return { pool, words };
}

test("nothing speaks against threads in Node", () => {
  expect(whyNoThreads()).toBeUndefined();
});

test.each([
  [1, 1000],
  [2, 0],
  [2, 1000],
  [3, 0],
  [5, 100],
])("%i threads that look %i times do every job once", async (threads, spins) => {
  const { pool, words } = await open(threads, spins);
  const { bell } = pool;
  const others = threads - 1;
  const members = (others * (others + 1)) / 2;
  for (let job = 1; job <= 300; job++) {
    words.fill(0);
    bell.start(job, 0, others);
    expect(bell.finish()).toBe(0);
    expect([...words]).toEqual([job * others, job * members]);
    // Now and then long enough for all to fall asleep.
    if (job % 100 === 0) await new Promise((resolve) => setTimeout(resolve, 20));
  }
  expect(bell.takeFailure()).toBeUndefined();
});

test("messages reach all threads before a later job, whatever they are doing", async () => {
  const { pool } = await open(3);
  for (let round = 0; round < 100; round++) {
    const words = new Int32Array(new SharedArrayBuffer(8));
    pool.tell(words.buffer);
    pool.bell.start(7, 0, 2);
    pool.bell.finish();
    expect([...words]).toEqual([14, 21]);
  }
});

test("a question is answered, with the news before it", async () => {
  const { pool } = await open(3);
  const news: unknown[] = [];
  expect(await pool.ask(2, "news", (one) => news.push(one))).toBe("2 of 3");
  expect(news).toEqual([0, 1, 2]);
});

test("a failed job is done all the same, tells why, and is forgotten then", async () => {
  const { pool, words } = await open(3);
  for (let time = 0; time < 3; time++) {
    pool.bell.start(-1, 0, 2);
    pool.bell.finish();
    expect(pool.bell.takeFailure()).toMatch(/^RangeError: job -1: x+$/);
    expect(pool.bell.takeFailure()).toBeUndefined();
  }
  pool.bell.start(2, 0, 2);
  pool.bell.finish();
  expect([...words]).toEqual([4, 6]);
});

test.each([
  [2, 0],
  [2, 1000],
  [3, 1000],
])("a thread of %i that ends in its job is told to a leader that looks %i times and sleeps", async (threads, spins) => {
  const { pool } = await open(threads, spins);
  pool.bell.start(-2, 0, threads - 1);
  expect(pool.bell.finish()).toBe(1);
  expect(pool.bell.lost).toBe(1);
  expect(pool.broken).toContain("thread 1 ended");
  await expect(pool.askAll("anything")).rejects.toThrowError(withCode("provider.failed"));
  await pool.end();
});

test("a failed message rejects its question only", async () => {
  const { pool } = await open(2);
  await expect(pool.askAll("fail")).rejects.toThrowError("thread 1 does not like it");
  expect(await pool.ask(1, "well")).toBe("1 of 2");
  expect(pool.broken).toBeUndefined();
});

test("when a thread leaves, questions are rejected and the pool says that it is broken", async () => {
  const { pool } = await open(2);
  await expect(pool.ask(1, "leave")).rejects.toThrowError(withCode("provider.failed"));
  expect(pool.broken).toContain("exit code 3");
  await expect(pool.askAll("anything")).rejects.toThrowError("exit code 3");
});

test("ending waits for all threads to be gone, and rejects what is asked", async () => {
  const { pool } = await open(3);
  const asked = pool.ask(1, "well");
  const ended = pool.end();
  await expect(asked).rejects.toThrowError("ended");
  await ended;
  await pool.end();
  await expect(pool.ask(1, "well")).rejects.toThrowError("ended");
});

test("a script that cannot be loaded is an error", async () => {
  const opening = openPool({ script: scriptOf("./missing-worker.ts"), threads: 3, spins: 0 });
  await expect(opening).rejects.toThrowError(withCode("provider.failed"));
});
