import { convError } from "@leanconv/core";
import { Bell, mostThreads } from "./bell.ts";
import type { Answer, Envelope, Welcome } from "./envelope.ts";
import { startThread, type Thread, type ThreadScript } from "./thread.ts";

export interface PoolOptions {
  readonly script: ThreadScript;
  /** With the calling thread, which is thread 0: one fewer is started. */
  readonly threads: number;
  /** Looks at a word before sleeping, about 8 ns each. */
  readonly spins: number;
}

interface Waiting {
  readonly thread: number;
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: unknown) => void;
  readonly onNews: ((news: unknown) => void) | undefined;
}

/**
 * Threads that wait for jobs. Messages are for what happens once (memory, programs), jobs for what happens thousands of
 * times a second. Idle threads do not keep the process alive.
 */
export class Pool {
  readonly threads: number;
  readonly bell: Bell;
  readonly #others: Thread[] = [];
  readonly #waiting = new Map<string, Waiting>();
  #messages = 0;
  #broken: string | undefined;
  #ended: Promise<void> | undefined;

  constructor({ script, threads, spins }: PoolOptions) {
    this.threads = threads;
    this.bell = new Bell(threads, spins);
    this.bell.onPatience = () => this.look();
    try {
      for (let thread = 1; thread < threads; thread++) this.#start(thread, script);
    } catch (error) {
      void this.end();
      throw error;
    }
  }

  /** Why no job may be started; undefined if it may. */
  get broken(): string | undefined {
    return this.#broken;
  }

  /** A message to all threads, which they handle before any job that is started later. */
  tell(body: unknown): void {
    this.#messages++;
    for (let thread = 1; thread < this.threads; thread++) this.#post(thread, body);
  }

  /** The same, waiting until all have handled it. */
  async askAll(body: unknown): Promise<void> {
    this.#messages++;
    await Promise.all(this.#others.map((_, i) => this.#ask(i + 1, body)));
  }

  /** A message to one thread: its answer, with the news it sends in between. */
  ask(thread: number, body: unknown, onNews?: (news: unknown) => void): Promise<unknown> {
    this.#messages++;
    return this.#ask(thread, body, onNews);
  }

  /** Looks for threads that have ended, where the event loop has no turn to tell. */
  look(): void {
    for (const [i, other] of this.#others.entries()) {
      if (other.ended()) this.#lose(i + 1, "it ended in the middle of its work");
    }
  }

  /** Ends the threads. Nothing may be running in them. */
  end(): Promise<void> {
    this.#broken ??= "the threads were ended";
    this.#reject(this.#broken, () => true);
    this.#ended ??= Promise.all(this.#others.map((other) => other.end())).then(() => {});
    return this.#ended;
  }

  #start(thread: number, script: ThreadScript): void {
    const other = startThread(script);
    this.#others.push(other);
    other.listen(
      (answer) => this.#answer(thread, answer as Answer),
      (reason) => this.#lose(thread, reason),
    );
  }

  #ask(thread: number, body: unknown, onNews?: (news: unknown) => void): Promise<unknown> {
    return new Promise((resolve, reject) => {
      if (this.#broken !== undefined) throw failure(this.#broken);
      this.#waiting.set(`${thread} ${this.#messages}`, { thread, resolve, reject, onNews });
      this.#hold();
      this.#post(thread, body);
    });
  }

  #post(thread: number, body: unknown): void {
    const envelope: Envelope = { id: this.#messages, body };
    this.bell.addMail(thread);
    this.#others[thread - 1].post(envelope);
  }

  #answer(thread: number, answer: Answer): void {
    const key = `${thread} ${answer.id}`;
    const waiting = this.#waiting.get(key);
    if (waiting === undefined) return;
    if ("news" in answer) {
      waiting.onNews?.(answer.news);
      return;
    }
    this.#waiting.delete(key);
    this.#hold();
    if ("failure" in answer) waiting.reject(failure(answer.failure));
    else waiting.resolve(answer.result);
  }

  /** The others go on: one of them may be leading, and undoes what is guarded before it answers. */
  #lose(thread: number, reason: string): void {
    this.#broken ??= `thread ${thread} ended: ${reason}`;
    this.bell.lose(thread);
    this.#reject(this.#broken, (waiting) => waiting.thread === thread);
  }

  #reject(reason: string, which: (waiting: Waiting) => boolean): void {
    for (const [key, waiting] of this.#waiting) {
      if (!which(waiting)) continue;
      this.#waiting.delete(key);
      waiting.reject(failure(reason));
    }
    this.#hold();
  }

  /** While an answer is expected, the threads keep the process alive. */
  #hold(): void {
    for (const other of this.#others) other.hold(this.#waiting.size > 0);
  }
}

/**
 * Starts the threads and waits until they listen.
 * @throws `provider.failed` where a thread cannot be started; those that were are ended again
 */
export async function openPool(options: PoolOptions): Promise<Pool> {
  const threads = Math.min(options.threads, mostThreads);
  const pool = new Pool({ ...options, threads });
  const { buffer, spins } = pool.bell;
  try {
    await Promise.all(
      Array.from({ length: threads - 1 }, (_, i) => {
        const welcome: Welcome = { buffer, spins, thread: i + 1, threads };
        return pool.ask(i + 1, welcome);
      }),
    );
    // Once while all are there: Node remembers when their loops began.
    pool.look();
    return pool;
  } catch (error) {
    await pool.end();
    throw error;
  }
}

function failure(reason: string): Error {
  return convError("provider.failed", { where: "threads", what: reason });
}
