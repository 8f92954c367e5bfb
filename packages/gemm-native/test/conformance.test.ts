import { testGemmProvider } from "@leanconv/testing";
import { describe } from "vitest";
import { nativeGemm } from "../src/index.ts";
import { installed } from "./installed.ts";

for (const library of ["onednn", "openblas"]) {
  describe.skipIf(!installed.has(library))(library, () => {
    testGemmProvider({ name: library, open: () => nativeGemm({ library }), refuses: [] });
    testGemmProvider({
      name: `${library}, 2 threads`,
      open: () => nativeGemm({ library, threads: 2 }),
      refuses: [],
      runs: 40,
    });
  });
}

describe.skipIf(!installed.has("blis"))("blis", () => {
  testGemmProvider({ name: "blis", open: () => nativeGemm({ library: "blis" }), refuses: [], runs: 20 });
});
