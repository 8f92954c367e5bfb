import { spawnSync } from "node:child_process";
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bundle } from "./bundle.ts";

const kernels = join(import.meta.dirname, "../../../wasm-kernels/wasm");
const files = ["relaxed", "simd", "transforms"];

/** Bundles a worker, runs its `test` in workerd, and returns the JSON that it printed behind "RESULT". */
export async function runWorkerd<T>(workerd: string, entry: string): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), "leanconv-workerd-"));
  try {
    const script = await bundle(entry, ["workerd", "worker"], folder);
    for (const name of files) copyFileSync(join(kernels, `${name}.wasm`), join(folder, `${name}.wasm`));
    const modules = [
      `(name = "worker.js", esModule = embed "${script}")`,
      ...files.map((name) => `(name = "${name}.wasm", wasm = embed "${name}.wasm")`),
    ];
    const config = `using Workerd = import "/workerd/workerd.capnp";
      const config :Workerd.Config = (services = [(name = "main", worker =
        (modules = [${modules.join(", ")}], compatibilityDate = "2025-01-01"))]);`;
    writeFileSync(join(folder, "config.capnp"), config);
    const run = spawnSync(workerd, ["test", join(folder, "config.capnp")], { encoding: "utf8", timeout: 120_000 });
    const line = /^.*RESULT (.*)$/m.exec(run.stdout + run.stderr)?.[1];
    if (run.status !== 0 || line === undefined) throw new Error(`workerd: ${run.stdout}\n${run.stderr}`);
    return JSON.parse(line) as T;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
