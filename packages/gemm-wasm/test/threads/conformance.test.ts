import { testGemmProvider } from "@leanconv/testing";
import { wasmGemm } from "../../src/index.ts";

// The kit has one program that it runs on all threads; the rest says that shared memory changes nothing.
testGemmProvider({ name: "2 threads", open: () => wasmGemm({ threads: 2 }), refuses: [], runs: 40 });
