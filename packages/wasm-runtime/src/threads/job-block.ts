import { convError } from "@leanconv/core";

const words = 4;
/** Loops around a phase, and the counters of part, step and thread. */
const mostCounters = 31;

/** Bytes of a heap that hold the job of its threads. */
export const jobBlockBytes: number = 4 * words + 8 * mostCounters + 8;

/**
 * The job that a heap's threads are at: a phase of a program, and the counters of the loops around it. It lies in the
 * heap's reserved bytes, at a multiple of 8.
 */
export class JobBlock {
  readonly #words: Int32Array;
  readonly counters: Float64Array;

  constructor(buffer: ArrayBufferLike, byteOffset: number) {
    this.#words = new Int32Array(buffer, byteOffset, words);
    this.counters = new Float64Array(buffer, byteOffset + 4 * words, mostCounters);
  }

  get program(): number {
    return this.#words[0];
  }

  get phase(): number {
    return this.#words[1];
  }

  /** Threads that have a share in it, the leader included. */
  get members(): number {
    return this.#words[2];
  }

  write(program: number, phase: number, members: number, counters: Float64Array): void {
    if (counters.length > mostCounters) {
      throw convError("unsupported.threads", {
        where: "run",
        what: "loops nested too deeply for threads",
        got: counters.length - 3,
        wanted: `at most ${mostCounters - 3}`,
      });
    }
    this.#words[0] = program;
    this.#words[1] = phase;
    this.#words[2] = members;
    for (let i = 0; i < counters.length; i++) this.counters[i] = counters[i];
  }
}
