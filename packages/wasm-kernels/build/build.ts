import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { stripFile, type TransformFileName, transformFiles } from "../src/files.ts";
import { type KernelLabel, kernelLayout, labelSection, type StripLabel, type TransformLabel } from "../src/label.ts";
import { assembleKernels, assembleStrips, assembleTransforms } from "./assemble.ts";
import { constantsEnd, withSection, withSharedMemory } from "./sections.ts";
import { variants } from "./variants.ts";

/** Kernels take address 0 for "absent", so that nothing may lie there even where they have no constants. */
const leastReserved = 16;

const folder = join(import.meta.dirname, "..", "wasm");
mkdirSync(folder, { recursive: true });
const written = new Set<string>();
for (const { source, files } of variants) {
  const binary = await assembleKernels(source);
  const reservedBytes = Math.max(leastReserved, Math.ceil(constantsEnd(binary) / 16) * 16);
  for (const [name, file] of files) {
    const label: KernelLabel = { name, ...file, layout: kernelLayout(), reservedBytes };
    write(label, binary);
  }
}
const transforms = await assembleTransforms();
const strips = await assembleStrips();
for (const beside of [transforms, strips]) {
  if (constantsEnd(beside) > 0) throw new Error("constants of other files would lie on those of the kernels");
}
for (const [name, { shared }] of Object.entries(transformFiles)) {
  write({ name: name as TransformFileName, shared, layout: kernelLayout() }, transforms);
}
write({ name: stripFile, shared: true, layout: kernelLayout() }, strips);

function write(label: KernelLabel | TransformLabel | StripLabel, binary: Uint8Array<ArrayBuffer>): void {
  const file = `${label.name}.wasm`;
  const typed = label.shared ? withSharedMemory(binary) : binary;
  writeFileSync(join(folder, file), withSection(typed, labelSection, JSON.stringify(label)));
  written.add(file);
}

// What an earlier build has left behind must not be shipped.
for (const name of readdirSync(folder)) if (!written.has(name)) rmSync(join(folder, name));
