import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";
import { detectProcessor } from "../../src/library/processor.ts";
import { installed } from "../installed.ts";

const { avx512 = false, avx2 = false } = detectProcessor() ?? {};

/** The identity of a library in a process with these variables, and none of the others that choose a core. */
function identity(library: string, variables: Readonly<Record<string, string>> = {}): string {
  const { OPENBLAS_CORETYPE, BLIS_ARCH_TYPE, ...env } = process.env;
  const script = join(import.meta.dirname, "core-run.ts");
  const { status, stdout, stderr } = spawnSync(process.execPath, ["--conditions=@leanconv/source", script, library], {
    ...{ encoding: "utf8", env: { ...env, ...variables } },
  });
  expect(stderr).toBe("");
  expect(status).toBe(0);
  return stdout.trim();
}

test.skipIf(!installed.has("openblas") || !avx2)(
  "OpenBLAS takes the core that has the processor's instructions",
  () => {
    expect(identity("openblas")).toContain(avx512 ? "-SkylakeX-" : "-Haswell-");
  },
);

test.skipIf(!installed.has("openblas") || !avx2)("OpenBLAS takes the core that the user names", () => {
  expect(identity("openblas", { OPENBLAS_CORETYPE: "Nehalem" })).toContain("-Nehalem-");
});

test.skipIf(!installed.has("blis") || !avx512)("BLIS takes its AVX-512 kernels", () => {
  expect(identity("blis")).toContain("-skx-");
});

test.skipIf(!installed.has("blis") || !avx2)("BLIS takes the core that the user names", () => {
  expect(identity("blis", { BLIS_ARCH_TYPE: "3" })).toContain("-haswell-");
});
