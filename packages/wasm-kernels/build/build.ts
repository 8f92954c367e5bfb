import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { assemble } from "./assemble.ts";
import { variants } from "./variants.ts";

const folder = join(import.meta.dirname, "..", "wasm");
mkdirSync(folder, { recursive: true });
for (const variant of variants) {
  const binary = await assemble(variant);
  writeFileSync(join(folder, `${variant.name}.wasm`), binary);
  console.log(`${variant.name}.wasm  ${binary.length} bytes, ${gzipSync(binary).length} gzipped`);
}
