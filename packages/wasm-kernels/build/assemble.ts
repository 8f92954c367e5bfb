import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import asc from "assemblyscript/asc";
import { fieldConstants } from "../src/fields.ts";
import { type KernelVariant, tileSource } from "./tile-template.ts";

const sources = join(import.meta.dirname, "..", "assembly");

/** Assembles one variant: the hand-written loops of `assembly/` around the generated tiles. Returns the wasm file. */
export async function assemble(variant: KernelVariant): Promise<Uint8Array<ArrayBuffer>> {
  const files = new Map<string, string>(
    readdirSync(sources).map((name) => [name, readFileSync(join(sources, name), "utf8")]),
  );
  files.set("fields.ts", fieldConstants());
  files.set("tiles.ts", tileSource(variant));
  const product = variant.fma ? "f32x4.relaxed_madd(a, b, sum)" : "f32x4.add(f32x4.mul(a, b), sum)";
  const swizzle = variant.fma ? "i8x16.relaxed_swizzle" : "i8x16.swizzle";
  files.set(
    "madd.ts",
    `@inline\nexport function madd(sum: v128, a: v128, b: v128): v128 {\n  return ${product};\n}
@inline\nexport function turn(a: v128, lanes: v128): v128 {\n  return ${swizzle}(a, lanes);\n}`,
  );
  let binary: Uint8Array<ArrayBuffer> | undefined;
  const features = ["simd", "bulk-memory", ...(variant.fma ? ["relaxed-simd"] : [])];
  const options = [
    ...["index.ts", "--outFile", "kernels.wasm", "--runtime", "stub", "--enable", features.join()],
    ...["--importMemory", "--initialMemory", "1", "--maximumMemory", "65536"],
    ...["--optimizeLevel", "3", "--shrinkLevel", "1", "--noAssert", "--use", "abort="],
  ];
  const { error, stderr } = await asc.main(options, {
    readFile: (name: string) => files.get(name) ?? null,
    writeFile: (_name: string, contents: Uint8Array | string) => {
      if (typeof contents !== "string") binary = Uint8Array.from(contents);
    },
    listFiles: () => [],
  });
  if (error !== null || binary === undefined)
    throw new Error(`${variant.name}: ${error?.message}\n${stderr.toString()}`);
  return binary;
}
