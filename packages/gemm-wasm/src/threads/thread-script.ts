import type { ThreadScript } from "@leanconv/wasm-runtime";

/** What the other threads run. */
export const script: ThreadScript = {
  // Node runs the sources as they are.
  // Only when it is asked for: edge workers have neither threads nor a URL.
  get url() {
    return new URL(import.meta.url.endsWith(".ts") ? "./worker.ts" : "./worker.js", import.meta.url);
  },
  start: () => new Worker(new URL("./worker.js", import.meta.url), { type: "module" }),
};
