import { wasmGemm } from "leanconv";
import { expect, test } from "vitest";
import { unless, workerdRuntime } from "./installed.ts";
import { runWorkerd } from "./run-workerd.ts";
import { runSqueezenet } from "./squeezenet.ts";

const workerd = workerdRuntime();
const how = unless(workerd, "tooling/fetch-runtimes.mjs fetches it");
const mebibyte = 1 << 20;

test.skipIf(workerd === undefined)(
  `workerd runs squeezenet1_1 from imported modules, in one heap, without a clock, with Node's bits${how}`,
  { timeout: 300_000 },
  async () => {
    const found = await runWorkerd<{ results: object; codes: object; mostBytes: number }>(
      String(workerd),
      "workerd-entry.ts",
    );
    const { mostBytes, codes, results } = found;
    const wanted = {
      auto: { identity: "wasm-relaxed-6x8", ...(await runSqueezenet(await wasmGemm({ tile: { mr: 6, nr: 8 } }))) },
      simd: { identity: "wasm-simd-4x8", ...(await runSqueezenet(await wasmGemm({ variant: "simd" }))) },
    };
    expect(results).toMatchObject(wanted);
    expect(mostBytes).toBe(wanted.auto.heapBytes);
    expect(mostBytes).toBeLessThanOrEqual(96 * mebibyte);
    expect(codes).toEqual({ threads: 1, revectorized: "unsupported.platform" });
  },
);
