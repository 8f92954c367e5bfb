import type { ThreadScript } from "@leanconv/wasm-runtime";

/** What the other threads run. Native libraries are Node's alone. */
export const script: ThreadScript = {
  get url() {
    return new URL(import.meta.url.endsWith(".ts") ? "./worker.ts" : "./worker.js", import.meta.url);
  },
  start: () => {
    throw new Error("native libraries are called from Node");
  },
};
