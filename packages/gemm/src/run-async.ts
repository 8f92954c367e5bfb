/** What `runAsync` uses of an `AbortSignal`. */
export interface StopSignal {
  readonly aborted: boolean;
  readonly reason?: unknown;
  addEventListener(type: "abort", listener: () => void): void;
  removeEventListener(type: "abort", listener: () => void): void;
}

export interface RunAsyncOptions {
  /** Looked at between phases. After it the input is as it was, and the promise rejects with the signal's reason. */
  readonly signal?: StopSignal | undefined;
  /** Called now and then with the phases done and all phases of the run, last with both equal. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

/**
 * Runs what is left of a program slice by slice and gives other work its turn in between. A stop, or an error of the
 * caller's `onProgress`, is thrown into the program where it rests, so that guarded nodes restore.
 */
export async function runInSlices(
  slices: Generator<boolean, void>,
  total: number,
  { signal, onProgress }: RunAsyncOptions,
): Promise<void> {
  if (signal?.aborted) throw signal.reason;
  let done = 0;
  let stopped = false;
  let step = slices.next();
  while (!step.done) {
    try {
      if (step.value && !stopped) onProgress?.(++done, total);
      await turnOfOthers();
      if (signal?.aborted) throw signal.reason;
    } catch (reason) {
      if (!stopped) {
        stopped = true;
        step = slices.throw(reason);
        continue;
      }
    }
    step = slices.next();
  }
}

interface Host {
  readonly setImmediate?: (callback: () => void) => unknown;
  readonly scheduler?: { readonly yield?: () => Promise<void> };
  readonly setTimeout: (callback: () => void, milliseconds: number) => unknown;
}

/** The event loop's turn. Timers come last: browsers stretch repeated ones to 4 ms. */
function turnOfOthers(): Promise<void> {
  const host = globalThis as unknown as Host;
  if (host.setImmediate) return new Promise((resolve) => host.setImmediate!(resolve));
  if (host.scheduler?.yield) return host.scheduler.yield();
  return new Promise((resolve) => host.setTimeout(resolve, 0));
}
