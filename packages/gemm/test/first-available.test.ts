import { convError } from "@leanconv/core";
import { firstAvailable, type GemmProvider, referenceGemm } from "@leanconv/gemm";
import { expect, test } from "vitest";
import { tinyGemm } from "./tiny-gemm.ts";

const missing = async (): Promise<GemmProvider> => {
  throw convError("provider.load-failed", { where: "native", what: "no library" });
};
const foreign = (): GemmProvider => {
  throw convError("unsupported.platform", { where: "native", what: "no such platform" });
};

test("the first that opens wins, and says its name", async () => {
  expect((await firstAvailable([missing, foreign, tinyGemm, referenceGemm])).name).toBe("tiny");
  expect((await firstAvailable([async () => referenceGemm()])).name).toBe("reference");
});

test("those behind it are not opened", async () => {
  let opened = false;
  await firstAvailable([
    tinyGemm,
    () => {
      opened = true;
      return referenceGemm();
    },
  ]);
  expect(opened).toBe(false);
});

test("when none opens, every reason is told", async () => {
  await expect(firstAvailable([missing, foreign])).rejects.toMatchObject({
    code: "provider.load-failed",
    message: expect.stringMatching(/no library.*no such platform/),
    details: { reasons: [{ code: "provider.load-failed" }, { code: "unsupported.platform" }] },
  });
  await expect(firstAvailable([])).rejects.toMatchObject({ code: "provider.load-failed" });
});

test("a bug is not taken for a missing provider", async () => {
  const buggy = (): GemmProvider => {
    throw new RangeError("a bug");
  };
  await expect(firstAvailable([buggy, tinyGemm])).rejects.toThrowError("a bug");
  const misused = (): GemmProvider => {
    throw convError("argument.range", { where: "native", what: "threads" });
  };
  await expect(firstAvailable([misused, tinyGemm])).rejects.toMatchObject({ code: "argument.range" });
});
