import { convError } from "@leanconv/core";
import { loadKernels } from "@leanconv/wasm-kernels";
import { type Engine, type OpenKernels, probe, processorHasAvx2 } from "@leanconv/wasm-runtime";
import { kernelProvider } from "./kernel-provider.ts";
import { checkedProducts, firstDifference } from "./self-check.ts";

/**
 * V8 pairs 128-bit operations in its optimising compiler only, and only under a flag. So the whole module goes through
 * that compiler at once, and the flags are back where they were before anything else is compiled.
 */
const flags = [
  "--experimental-wasm-revectorize",
  "--no-liftoff",
  "--no-wasm-lazy-compilation",
  // V8 14 decides what to inline from counts of the baseline compiler, and aborts the process where there are none.
  "--no-wasm-inlining",
];
const restored = ["--no-experimental-wasm-revectorize", "--liftoff", "--wasm-lazy-compilation", "--wasm-inlining"];

/**
 * The wide kernels, compiled with V8's revectoriser. The feature is experimental, so they are refused unless they give
 * the bits of the 128-bit kernels.
 * @throws `unsupported.platform` with what is missing, `provider.load-failed` with the product that differs
 */
export async function openRevectorized(
  { node, v8 = 0, architecture }: Engine,
  where: string,
  avx2: boolean | undefined = processorHasAvx2(),
): Promise<OpenKernels> {
  const refuse = (what: string, got?: string): Error =>
    convError("unsupported.platform", { where, what, ...(got !== undefined && { got }), fix: 'use variant "auto"' });
  const { process } = globalThis as { process?: Partial<NodeJS.Process> };
  const setFlags = process?.getBuiltinModule?.("node:v8").setFlagsFromString;
  if (!node || v8 < 13 || setFlags === undefined) {
    const got = node ? `Node with V8 ${v8}` : "another runtime";
    throw refuse("kernels can be revectorised by Node 24 and newer only (V8 13)", got);
  }
  if (architecture !== "x64") throw refuse("V8 revectorises for x64 only", String(architecture));
  if (avx2 === false) throw refuse("this processor has no AVX2, or a virtual machine hides it");
  const narrow = await probe(await loadKernels("relaxed", where), where);
  // Where the system is not asked this stands for AVX2: of all processors, only AMD's of 2012 to 2014 have one without the other.
  if (!narrow.fused) throw refuse("this processor has no fused multiply-add, which comes with AVX2");
  const wanted = await checkedProducts(kernelProvider(narrow, "relaxed"));
  const compile = (bytes: BufferSource): WebAssembly.Module => {
    for (const flag of flags) setFlags(flag);
    try {
      return new WebAssembly.Module(bytes);
    } finally {
      for (const flag of restored) setFlags(flag);
    }
  };
  const wide = await probe(await loadKernels("revectorized-shared", where, compile), where);
  const difference = firstDifference(wanted, await checkedProducts(kernelProvider(wide, "revectorized")));
  if (difference === undefined) return wide;
  throw convError("provider.load-failed", {
    where,
    what: "V8's revectoriser changes results",
    got: difference,
    wanted: "the bits of the 128-bit kernels",
    fix: 'use variant "auto"',
  });
}
