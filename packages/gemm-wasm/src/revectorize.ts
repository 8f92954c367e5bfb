import { convError } from "@leanconv/core";
import { loadKernels } from "@leanconv/wasm-kernels";
import type { Engine } from "./engine/engine.ts";
import { kernelProvider } from "./kernel-provider.ts";
import { type OpenKernels, probe } from "./open-kernels.ts";
import { checkedProducts, firstDifference } from "./self-check.ts";

/**
 * V8 pairs 128-bit operations in its optimising compiler only, and only under a flag. So the whole module goes through
 * that compiler at once, and the flags are back where they were before anything else is compiled.
 */
const flags = ["--experimental-wasm-revectorize", "--no-liftoff", "--no-wasm-lazy-compilation"];
const restored = ["--no-experimental-wasm-revectorize", "--liftoff", "--wasm-lazy-compilation"];

/**
 * The wide kernels, compiled with V8's revectoriser. The feature is experimental, so they are refused unless they give
 * the bits of the 128-bit kernels.
 * @throws `unsupported.platform`, `provider.load-failed` with the product that differs
 */
export async function openRevectorized({ node, v8 = 0, architecture }: Engine, where: string): Promise<OpenKernels> {
  const { process } = globalThis as { process?: Partial<NodeJS.Process> };
  const setFlags = process?.getBuiltinModule?.("node:v8").setFlagsFromString;
  if (!node || v8 < 13 || architecture !== "x64" || setFlags === undefined) {
    throw convError("unsupported.platform", {
      where,
      what: "kernels can be revectorised by Node 24 and newer on x64 only",
      got: node ? `V8 ${v8} on ${architecture}` : "another runtime",
      fix: 'use variant "auto"',
    });
  }
  const narrow = await probe(await loadKernels("relaxed", where), where);
  if (!narrow.fused) {
    throw convError("unsupported.platform", { where, what: "this processor has no fused multiply-add" });
  }
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
