import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import asc from "assemblyscript/asc";
import { fieldConstants } from "../src/fields.ts";
import { type KernelVariant, tileSource } from "./tile-template.ts";

const sources = join(import.meta.dirname, "..", "assembly");

/** Assembles one variant: the hand-written loops of `assembly/` around the generated tiles. Returns the wasm file. */
export function assembleKernels(variant: KernelVariant): Promise<Uint8Array<ArrayBuffer>> {
  const product = variant.fma ? "f32x4.relaxed_madd(a, b, sum)" : "f32x4.add(f32x4.mul(a, b), sum)";
  const swizzle = variant.fma ? "i8x16.relaxed_swizzle" : "i8x16.swizzle";
  const generated = {
    "tiles.ts": tileSource(variant),
    "madd.ts": `@inline\nexport function madd(sum: v128, a: v128, b: v128): v128 {\n  return ${product};\n}
@inline\nexport function turn(a: v128, lanes: v128): v128 {\n  return ${swizzle}(a, lanes);\n}`,
  };
  return assemble(variant.name, "index.ts", generated, variant.fma ? ["relaxed-simd"] : []);
}

/** Assembles the tile transforms. */
export function assembleTransforms(): Promise<Uint8Array<ArrayBuffer>> {
  return assemble("transforms", "transforms.ts", {}, []);
}

/** Assembles what is done around the products of another library. */
export function assembleStrips(): Promise<Uint8Array<ArrayBuffer>> {
  return assemble("strips", "strips.ts", {}, []);
}

async function assemble(
  name: string,
  entry: string,
  generated: Readonly<Record<string, string>>,
  features: readonly string[],
): Promise<Uint8Array<ArrayBuffer>> {
  const files = new Map<string, string>(
    readdirSync(sources).map((file) => [file, readFileSync(join(sources, file), "utf8")]),
  );
  files.set("fields.ts", fieldConstants());
  for (const [file, text] of Object.entries(generated)) files.set(file, text);
  let binary: Uint8Array<ArrayBuffer> | undefined;
  const options = [
    ...[entry, "--outFile", "kernels.wasm", "--runtime", "stub"],
    ...["--enable", ["simd", "bulk-memory", ...features].join()],
    ...["--importMemory", "--initialMemory", "1", "--maximumMemory", "65536"],
    ...["--optimizeLevel", "3", "--shrinkLevel", "1", "--noAssert", "--use", "abort="],
  ];
  const { error, stderr } = await asc.main(options, {
    readFile: (file: string) => files.get(file) ?? null,
    writeFile: (_file: string, contents: Uint8Array | string) => {
      if (typeof contents !== "string") binary = Uint8Array.from(contents);
    },
    listFiles: () => [],
  });
  if (error !== null || binary === undefined) throw new Error(`${name}: ${error?.message}\n${stderr.toString()}`);
  return binary;
}
