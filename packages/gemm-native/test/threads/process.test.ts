import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { installed } from "../installed.ts";

const known = ["onednn", "openblas", "blis"];

describe.each(known.map((library) => [library, installed.has(library)] as const))(
  "%s (installed: %s)",
  (library, there) => {
    // Crashes at the end were not seen every time, where the library's own threads were on.
    test.skipIf(!there).each([1, 2, 3, 4])(
      "threads that are idle or disposed let the process end well, time %i",
      () => {
        const script = join(import.meta.dirname, "idle-run.ts");
        const { status, signal, stdout, stderr } = spawnSync(
          process.execPath,
          ["--conditions=@leanconv/source", script, library],
          {
            encoding: "utf8",
            env: { ...process.env, OMP_NUM_THREADS: "4", OPENBLAS_NUM_THREADS: "4", BLIS_NUM_THREADS: "4" },
          },
        );
        expect(stderr).toBe("");
        expect(stdout).toBe("ran\n");
        expect([status, signal]).toEqual([0, null]);
      },
    );
  },
);
