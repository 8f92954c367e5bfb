import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type KernelLabel, kernelLayout, labelSection } from "../src/label.ts";
import { assemble } from "./assemble.ts";
import { constantsEnd, withSection, withSharedMemory } from "./sections.ts";
import { variants } from "./variants.ts";

/** Kernels take address 0 for "absent", so that nothing may lie there even where they have no constants. */
const leastReserved = 16;

const folder = join(import.meta.dirname, "..", "wasm");
mkdirSync(folder, { recursive: true });
const written = new Set<string>();
for (const { source, files } of variants) {
  const binary = await assemble(source);
  const reservedBytes = Math.max(leastReserved, Math.ceil(constantsEnd(binary) / 16) * 16);
  for (const [name, file] of files) {
    const label: KernelLabel = { name, ...file, layout: kernelLayout(), reservedBytes };
    const typed = file.shared ? withSharedMemory(binary) : binary;
    writeFileSync(join(folder, `${name}.wasm`), withSection(typed, labelSection, JSON.stringify(label)));
    written.add(`${name}.wasm`);
  }
}
// What an earlier build has left behind must not be shipped.
for (const name of readdirSync(folder)) if (!written.has(name)) rmSync(join(folder, name));
