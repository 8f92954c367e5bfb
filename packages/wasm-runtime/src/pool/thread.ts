/** The script of a worker. */
export interface ThreadScript {
  /** For Node. */
  readonly url: URL;
  /** For the web. A function, since bundlers look for `new Worker(new URL("...", import.meta.url))` word by word. */
  readonly start: () => Worker;
}

/** One other thread, in Node or on the web. */
export interface Thread {
  post(message: unknown): void;
  /** `onEnd` is called once, with the reason, when the thread fails or ends. */
  listen(onMessage: (message: unknown) => void, onEnd: (reason: string) => void): void;
  /** Whether the thread keeps the process alive. */
  hold(held: boolean): void;
  /** Whether it has ended, also where the event loop has not had its turn to say so; undefined where nobody can tell. */
  ended(): boolean | undefined;
  end(): Promise<void>;
}

/** Why there can be no threads here; undefined if nothing speaks against them. */
export function whyNoThreads(): string | undefined {
  if (typeof SharedArrayBuffer === "undefined") {
    const isPage = typeof crossOriginIsolated === "boolean";
    return isPage
      ? "the page is not cross-origin isolated (headers Cross-Origin-Opener-Policy and Cross-Origin-Embedder-Policy)"
      : "this runtime has no SharedArrayBuffer";
  }
  if (nodeThreads() === undefined && typeof Worker === "undefined") return "this runtime has no workers";
  return undefined;
}

export function startThread(script: ThreadScript): Thread {
  const node = nodeThreads();
  return node ? nodeThread(new node.Worker(script.url)) : webThread(script.start());
}

type NodeThreads = typeof import("node:worker_threads");

/** Node's threads, without an import that bundlers and browsers would stumble over. */
export function nodeThreads(): NodeThreads | undefined {
  if (typeof process === "undefined" || typeof process.versions?.node !== "string") return undefined;
  return process.getBuiltinModule?.("node:worker_threads");
}

function nodeThread(worker: InstanceType<NodeThreads["Worker"]>): Thread {
  return {
    post: (message) => worker.postMessage(message),
    listen(onMessage, onEnd) {
      worker.on("message", onMessage);
      worker.on("messageerror", ({ message }) => onEnd(message));
      worker.on("error", (error) => onEnd(error instanceof Error ? error.message : String(error)));
      worker.on("exit", (code) => onEnd(`it ended with exit code ${code}`));
    },
    hold: (held) => (held ? worker.ref() : worker.unref()),
    // The only thing that a thread's handle answers at once. Idle time is negative when there is no loop to be idle.
    // Runtimes that imitate Node may lack it.
    ended() {
      const { performance } = worker as Partial<Pick<typeof worker, "performance">>;
      return performance?.eventLoopUtilization === undefined ? undefined : performance.eventLoopUtilization().idle < 0;
    },
    end: async () => {
      await worker.terminate();
    },
  };
}

function webThread(worker: Worker): Thread {
  return {
    post: (message) => worker.postMessage(message),
    listen(onMessage, onEnd) {
      worker.addEventListener("message", ({ data }) => onMessage(data));
      worker.addEventListener("messageerror", () => onEnd("a message could not be read"));
      worker.addEventListener("error", (event) => {
        event.preventDefault();
        onEnd(event.message || "its script cannot be loaded");
      });
    },
    hold: () => {},
    ended: () => undefined,
    end: async () => worker.terminate(),
  };
}
