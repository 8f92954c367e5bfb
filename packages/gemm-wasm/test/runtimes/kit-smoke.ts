import { test } from "vitest";
// The kit alone: the rest of the package starts processes, which pages have none of.
import { testGemmProvider } from "../../../testing/src/provider/provider-kit.ts";
import { wasmGemm } from "../../src/index.ts";

test("runtime", async ({ task }) => {
  const { identity } = await wasmGemm();
  const two = await wasmGemm({ threads: 2 });
  const { isolated = false } = { isolated: (globalThis as { crossOriginIsolated?: boolean }).crossOriginIsolated };
  // The report carries it to the process that asked.
  const revectorized = await wasmGemm({ variant: "revectorized" }).then(
    (provider) => provider.identity,
    ({ code }) => code,
  );
  Object.assign(task.meta, { runtime: { identity, isolated, threading: two.capabilities.threading, revectorized } });
  two.dispose();
});

testGemmProvider({ name: "relaxed", open: () => wasmGemm({ variant: "relaxed" }), refuses: [], runs: 12 });
testGemmProvider({ name: "simd", open: () => wasmGemm({ variant: "simd" }), refuses: [], runs: 12 });
testGemmProvider({
  name: "two threads where they can be had",
  open: () => wasmGemm({ threads: 2 }),
  refuses: [],
  runs: 6,
});
