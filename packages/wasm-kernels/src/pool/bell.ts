/** A cache line of words, so that threads which wait for different things do not disturb each other. */
const line = 16;

const RINGS = 0;
const ASLEEP = line;
const JOBS = 2 * line;
const JOB = 2 * line + 1;
const PENDING = 3 * line;
const LEADER_ASLEEP = 4 * line;
const STOP = 5 * line;
const FAILED = 6 * line;
const TEXT = 6 * line + 1;
const MAIL = 16 * line;
/** Characters of a failure's message that reach its leader. */
const textWords = MAIL - TEXT - 1;
/** A job's number and its leader share a word, so that both are read at once. */
const leaders = 256;

/** Most threads of a pool. */
export const mostThreads = leaders;

/**
 * The words through which the threads of a pool meet. A leader starts a job and waits until the threads behind it have
 * done it; whoever waits spins first, since the next phase of a program is microseconds away, and then sleeps.
 */
export class Bell {
  readonly buffer: SharedArrayBuffer;
  readonly spins: number;
  readonly #words: Int32Array;
  /** The main thread of a page must not sleep, it can only spin. */
  readonly #maySleep: boolean;

  constructor(threads: number, spins: number, buffer = new SharedArrayBuffer(4 * (MAIL + threads))) {
    this.buffer = buffer;
    this.spins = spins;
    this.#words = new Int32Array(buffer);
    this.#maySleep = maySleep(this.#words);
  }

  /** Changes with every ring. */
  get rings(): number {
    return Atomics.load(this.#words, RINGS);
  }

  /** Changes with every job; `leaderOf` tells its leader. */
  get jobs(): number {
    return Atomics.load(this.#words, JOBS);
  }

  get job(): number {
    return Atomics.load(this.#words, JOB);
  }

  /** Messages ever sent to a thread. */
  mail(thread: number): number {
    return Atomics.load(this.#words, MAIL + thread);
  }

  /** Announces a message, which is sent beside. */
  addMail(thread: number): void {
    Atomics.add(this.#words, MAIL + thread, 1);
    this.#ring();
  }

  /** Starts a job in the `crew` threads behind the leader. */
  start(job: number, leader: number, crew: number): void {
    const words = this.#words;
    Atomics.store(words, PENDING, crew);
    Atomics.store(words, JOB, job);
    Atomics.store(words, JOBS, ((this.jobs + leaders) & -leaders) | leader);
    this.#ring();
  }

  /** Waits until the crew is done. */
  finish(): void {
    const words = this.#words;
    for (let i = 0; i < this.spins || !this.#maySleep; i++) {
      if (Atomics.load(words, PENDING) === 0) return;
    }
    Atomics.store(words, LEADER_ASLEEP, 1);
    for (let left = Atomics.load(words, PENDING); left !== 0; left = Atomics.load(words, PENDING)) {
      Atomics.wait(words, PENDING, left);
    }
    Atomics.store(words, LEADER_ASLEEP, 0);
  }

  /** A thread of the crew is done. */
  done(): void {
    const words = this.#words;
    if (Atomics.sub(words, PENDING, 1) === 1 && Atomics.load(words, LEADER_ASLEEP) === 1) {
      Atomics.notify(words, PENDING);
    }
  }

  /** Returns at the first ring after `rings`. */
  listen(rings: number): void {
    const words = this.#words;
    for (let i = 0; i < this.spins; i++) {
      if (Atomics.load(words, RINGS) !== rings) return;
    }
    // Counted before the last look, and rings are counted before the sleepers are: one of both sees the other.
    Atomics.add(words, ASLEEP, 1);
    while (Atomics.load(words, RINGS) === rings) Atomics.wait(words, RINGS, rings);
    Atomics.sub(words, ASLEEP, 1);
  }

  /** Keeps the first failure of a job for its leader. */
  fail(message: string): void {
    const words = this.#words;
    if (Atomics.compareExchange(words, FAILED, 0, 1) !== 0) return;
    const length = Math.min(message.length, textWords);
    for (let i = 0; i < length; i++) words[TEXT + i] = message.charCodeAt(i);
    words[TEXT + length] = 0;
  }

  /** The message of the failure since the last call, undefined if there was none. */
  takeFailure(): string | undefined {
    const words = this.#words;
    if (Atomics.load(words, FAILED) === 0) return undefined;
    let message = "";
    for (let i = 0; words[TEXT + i] !== 0; i++) message += String.fromCharCode(words[TEXT + i]);
    Atomics.store(words, FAILED, 0);
    return message;
  }

  /** Whether the leader was asked to stop. */
  get stopping(): boolean {
    return Atomics.load(this.#words, STOP) === 1;
  }

  set stopping(stop: boolean) {
    Atomics.store(this.#words, STOP, stop ? 1 : 0);
  }

  #ring(): void {
    Atomics.add(this.#words, RINGS, 1);
    if (Atomics.load(this.#words, ASLEEP) > 0) Atomics.notify(this.#words, RINGS);
  }
}

/** The leader of a value of `jobs`. */
export function leaderOf(jobs: number): number {
  return jobs & (leaders - 1);
}

function maySleep(words: Int32Array): boolean {
  try {
    Atomics.wait(words, RINGS, Atomics.load(words, RINGS) ^ 1, 0);
    return true;
  } catch {
    return false;
  }
}
