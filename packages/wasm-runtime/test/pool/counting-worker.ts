// A thread for pool.test.ts: adds its number to shared words, or fails.
import { servePool } from "@leanconv/wasm-runtime";

let words: Int32Array = new Int32Array();

servePool(({ thread, threads }) => ({
  receive(body, tell) {
    if (body instanceof SharedArrayBuffer) words = new Int32Array(body);
    if (body === "fail") throw new Error(`thread ${thread} does not like it`);
    if (body === "leave") process.exit(3);
    for (let i = 0; body === "news" && i < 3; i++) tell(i);
    return `${thread} of ${threads}`;
  },
  work(job, member) {
    if (job === -2 && member === 1) process.exit(4);
    if (job === -1) throw new RangeError(`job ${job}: ${"x".repeat(200)}`);
    Atomics.add(words, 0, job);
    Atomics.add(words, 1, job * member);
  },
}));
