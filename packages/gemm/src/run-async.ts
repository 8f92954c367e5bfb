/** What `runAsync` uses of an `AbortSignal`. */
export interface StopSignal {
  readonly aborted: boolean;
  readonly reason?: unknown;
  addEventListener(type: "abort", listener: () => void): void;
  removeEventListener(type: "abort", listener: () => void): void;
}

export interface RunAsyncOptions {
  /** Looked at between phases, in slices also within long ones. After it the input is as it was, and the promise rejects with the signal's reason. */
  readonly signal?: StopSignal | undefined;
  /** Called now and then with the phases done and all phases of the run, last with both equal. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

/**
 * Runs what is left of a program slice by slice and gives other work its turn in between. A stop, or an error of the
 * caller's `onProgress`, is thrown into the program where it rests, so that guarded nodes restore.
 */
export async function runInSlices(
  slices: Generator<void, void>,
  pace: { readonly done: number; readonly total: number },
  { signal, onProgress }: RunAsyncOptions,
): Promise<void> {
  if (signal?.aborted) throw signal.reason;
  let stopped = false;
  let step = slices.next();
  while (!step.done) {
    await turnOfOthers();
    const stop = stopped ? undefined : reasonToStop(pace, signal, onProgress);
    if (stop) stopped = true;
    step = stop ? slices.throw(stop.reason) : slices.next();
  }
  onProgress?.(pace.total, pace.total);
}

function reasonToStop(
  { done, total }: { readonly done: number; readonly total: number },
  signal: StopSignal | undefined,
  onProgress: RunAsyncOptions["onProgress"],
): { readonly reason: unknown } | undefined {
  if (signal?.aborted) return { reason: signal.reason };
  try {
    onProgress?.(done, total);
    return undefined;
  } catch (reason) {
    return { reason };
  }
}

interface Port {
  onmessage: (() => void) | null;
  postMessage(message: unknown): void;
  close(): void;
}

interface Host {
  readonly setImmediate?: (callback: () => void) => unknown;
  readonly MessageChannel?: new () => { readonly port1: Port; readonly port2: Port };
  readonly setTimeout: (callback: () => void, milliseconds: number) => unknown;
}

/**
 * The event loop's turn. Not by `scheduler.yield`, which comes before the timers of others, and by timers only where there
 * is nothing else: browsers stretch repeated ones to 4 ms.
 */
export function turnOfOthers(): Promise<void> {
  const { setImmediate, MessageChannel, setTimeout } = globalThis as unknown as Host;
  return new Promise((resolve) => {
    if (setImmediate) setImmediate(resolve);
    else if (MessageChannel) {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => {
        port1.close();
        resolve();
      };
      port2.postMessage(undefined);
    } else setTimeout(resolve, 0);
  });
}
