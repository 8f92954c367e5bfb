import { mkdirSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { type Plugin, rolldown } from "rolldown";

/** Compiled kernels stay files, named as the host's configuration names them. */
const importedKernels: Plugin = {
  name: "imported-kernels",
  resolveId(source) {
    const [path, query] = source.split("?");
    const id = `./${basename(path)}${query === undefined ? "" : `?${query}`}`;
    return path.endsWith(".wasm") ? { id, external: true } : undefined;
  },
};

/** Bundles a script and everything it imports for one runtime, as its `exports` and `imports` conditions choose. */
export async function bundle(entry: string, conditions: readonly string[], folder: string): Promise<string> {
  const build = await rolldown({
    input: join(import.meta.dirname, entry),
    platform: "neutral",
    plugins: [importedKernels],
    resolve: { conditionNames: [...conditions, "@leanconv/source", "import", "default"] },
    external: [/^node:/],
    logLevel: "silent",
  });
  const { output } = await build.generate({ format: "esm" });
  await build.close();
  mkdirSync(folder, { recursive: true });
  for (const file of output)
    writeFileSync(join(folder, file.fileName), file.type === "chunk" ? file.code : file.source);
  return output[0].fileName;
}
