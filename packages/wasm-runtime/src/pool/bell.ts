/** A cache line of words, so that threads which wait for different things do not disturb each other. */
const line = 16;

const RINGS = 0;
const ASLEEP = line;
const JOBS = 2 * line;
const JOB = 2 * line + 1;
const PENDING = 3 * line;
const LEADER_ASLEEP = 4 * line;
const STOP = 5 * line;
const LOST = 5 * line + 1;
const FAILED = 6 * line;
const TEXT = 6 * line + 1;
const MAIL = 16 * line;
/** Characters of a failure's message that reach its leader. */
const textWords = MAIL - TEXT - 1;
/** A sleeping leader looks this often whether the others are still there. */
const patienceMilliseconds = 1000;
/** Stands where a lost thread would write the job it has done. No job has this number: its leader would be the last thread. */
const gone = -1;
/** A job's number and its leader share a word, so that both are read at once. */
const leaders = 256;

/** Most threads of a pool. */
export const mostThreads: number = leaders;

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
  readonly #threads: number;
  /** Called by a leader that has slept for a while; it may find threads lost. */
  onPatience: (() => void) | undefined;

  /** Every thread has a word for its mail and one for the last job it has done. */
  constructor(
    threads: number,
    spins: number,
    buffer: SharedArrayBuffer = new SharedArrayBuffer(4 * (MAIL + 2 * threads)),
  ) {
    this.buffer = buffer;
    this.spins = spins;
    this.#threads = threads;
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

  /** Waits until the crew is done; returns 0, or a thread that was lost before it was. */
  finish(): number {
    const words = this.#words;
    for (let i = 0; i < this.spins || !this.#maySleep; i++) {
      if (Atomics.load(words, PENDING) === 0) return 0;
    }
    Atomics.store(words, LEADER_ASLEEP, 1);
    let missing = 0;
    for (let left = Atomics.load(words, PENDING); left !== 0; left = Atomics.load(words, PENDING)) {
      if (this.lost !== 0) missing = this.#missing();
      if (missing !== 0) break;
      if (Atomics.wait(words, PENDING, left, patienceMilliseconds) === "timed-out") this.onPatience?.();
    }
    Atomics.store(words, LEADER_ASLEEP, 0);
    return missing;
  }

  /** A lost thread that has not done its job, as soon as all that are left have. */
  #missing(): number {
    const { jobs } = this;
    let missing = 0;
    for (let thread = leaderOf(jobs) + 1; thread < this.#threads; thread++) {
      const done = Atomics.load(this.#words, MAIL + this.#threads + thread);
      if (done === gone) missing = thread;
      else if (done !== jobs) return 0;
    }
    return missing;
  }

  /** The first thread that ended although nobody had asked it to; 0 if none has. */
  get lost(): number {
    return Atomics.load(this.#words, LOST);
  }

  /** Wakes the leader, who may be waiting for this thread. */
  lose(thread: number): void {
    const words = this.#words;
    Atomics.store(words, MAIL + this.#threads + thread, gone);
    Atomics.compareExchange(words, LOST, 0, thread);
    Atomics.notify(words, PENDING);
  }

  /** A thread of the crew is done with this job. */
  done(thread: number, jobs: number): void {
    const words = this.#words;
    Atomics.store(words, MAIL + this.#threads + thread, jobs);
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
