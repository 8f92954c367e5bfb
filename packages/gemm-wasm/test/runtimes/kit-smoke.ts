import { test } from "vitest";
// The kit alone: the rest of the package starts processes, which pages have none of.
import { testGemmProvider } from "../../../testing/src/provider/provider-kit.ts";
import { wasmGemm } from "../../src/index.ts";

const wide = await wasmGemm({ variant: "revectorized" }).catch((error: { readonly code: string }) => error);

test("runtime", async ({ task }) => {
  const { identity } = await wasmGemm();
  const two = await wasmGemm({ threads: 2 });
  const { isolated = false } = { isolated: (globalThis as { crossOriginIsolated?: boolean }).crossOriginIsolated };
  // The report carries it to the process that asked.
  const revectorized = "code" in wide ? wide.code : wide.identity;
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

if (!("code" in wide)) {
  testGemmProvider({
    name: "revectorized",
    open: () => wasmGemm({ variant: "revectorized" }),
    refuses: [],
    runs: 6,
  });
}
