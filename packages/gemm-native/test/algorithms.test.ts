import { allAlgorithms } from "@leanconv/algorithms";
import type { ErrorCode } from "@leanconv/core";
import { inLowStrips, testConvAlgorithm } from "@leanconv/testing";
import { describe } from "vitest";
import { nativeGemm } from "../src/index.ts";
import { installed } from "./installed.ts";

/** What algorithms refuse on any provider, and the layouts that they take. */
const accumulating = ["unsupported.layout", "unsupported.padding", "unsupported.shared-input", "unsupported.strides"];
const known: Readonly<Record<string, { refuses: readonly string[]; layouts?: readonly ("nchw" | "nhwc")[] }>> = {
  im2col: { refuses: ["unsupported.kernel", "unsupported.padding", "unsupported.strides"] },
  mec: { refuses: ["unsupported.groups", "unsupported.size"] },
  "kn2row-as": { refuses: ["unsupported.padding"] },
  "kn2row-aa": { refuses: accumulating, layouts: ["nchw"] },
  "kn2col-kw": { refuses: accumulating, layouts: ["nhwc"] },
};

for (const library of ["onednn", "openblas"]) {
  describe.skipIf(!installed.has(library))(library, () => {
    for (const algorithm of allAlgorithms) {
      const { refuses = [], layouts = ["nchw", "nhwc"] } = known[algorithm.name] ?? {};
      testConvAlgorithm({
        algorithm: layouts.length === 1 ? inLowStrips(algorithm) : algorithm,
        ...{ layouts, refuses: refuses as ErrorCode[], runs: 30, thin: 2 },
        providers: [() => nativeGemm({ library })],
      });
    }
  });
}
