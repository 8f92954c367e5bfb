import { expect, test } from "vitest";
import { libraryEnvironment, withEnvironment } from "../../src/library/environment.ts";
import { parseFlags } from "../../src/library/processor.ts";

const avx512 = "avx2 fma avx512f avx512cd avx512bw avx512dq avx512vl";

test("instructions are read from the first processor", () => {
  expect(parseFlags(`processor : 0\nflags\t\t: fpu ${avx512}\nflags : fpu\n`)).toEqual({ avx2: true, avx512: true });
  expect(parseFlags("flags : fpu avx2 fma avx512f\n")).toEqual({ avx2: true, avx512: false });
  expect(parseFlags("flags : fpu avx2\n")).toEqual({ avx2: false, avx512: false });
  expect(parseFlags("Features : neon\n")).toBeUndefined();
});

test("libraries are told one thread, and the core where they may not see it", () => {
  const both = { avx2: true, avx512: true };
  expect(libraryEnvironment("openblas", both, false)).toEqual({
    OPENBLAS_NUM_THREADS: "1",
    OPENBLAS_CORETYPE: "SkylakeX",
  });
  expect(libraryEnvironment("openblas", { avx2: true, avx512: false }, false)).toMatchObject({
    OPENBLAS_CORETYPE: "Haswell",
  });
  expect(libraryEnvironment("openblas", { avx2: false, avx512: false }, false)).toEqual({ OPENBLAS_NUM_THREADS: "1" });
  expect(libraryEnvironment("openblas", undefined, false)).toEqual({ OPENBLAS_NUM_THREADS: "1" });
  expect(libraryEnvironment("blis", both, true)).toMatchObject({ BLIS_ARCH_TYPE: "0" });
  expect(libraryEnvironment("blis", both, false)).toEqual({ BLIS_NUM_THREADS: "1" });
});

test("what the user has set stays, and nothing is left behind", () => {
  process.env.LEANCONV_TEST_SET = "user";
  const seen = withEnvironment({ LEANCONV_TEST_SET: "ours", LEANCONV_TEST_UNSET: "ours" }, () => [
    process.env.LEANCONV_TEST_SET,
    process.env.LEANCONV_TEST_UNSET,
  ]);
  expect(seen).toEqual(["user", "ours"]);
  expect(process.env.LEANCONV_TEST_SET).toBe("user");
  expect(process.env.LEANCONV_TEST_UNSET).toBeUndefined();
  delete process.env.LEANCONV_TEST_SET;
});
