import { convError } from "@leanconv/core";
import { loadModule } from "#load-module";
import type { WasmFileName } from "./files.ts";

/**
 * Loads and compiles a kernel file the way this runtime does it: from the package's folder in Node, by `fetch` in pages,
 * by a static import in edge workers. The conditions of the package's `imports` choose. In Node another way to compile
 * can be given.
 * @throws `provider.load-failed`
 */
export async function loadKernels(
  name: WasmFileName,
  where: string,
  compile?: (bytes: BufferSource) => WebAssembly.Module,
): Promise<WebAssembly.Module> {
  try {
    return await loadModule(name, compile);
  } catch (cause) {
    throw convError("provider.load-failed", {
      where,
      what: `the kernels ${name}.wasm cannot be loaded`,
      got: cause instanceof Error ? cause.message : String(cause),
      fix: advice(cause),
      details: { file: `${name}.wasm` },
      cause,
    });
  }
}

function advice(cause: unknown): string {
  // Pages whose policy has neither 'unsafe-eval' nor 'wasm-unsafe-eval' compile nothing.
  if (cause instanceof WebAssembly.CompileError) {
    return "allow WebAssembly ('wasm-unsafe-eval' in a content-security policy), or use jsGemm";
  }
  return "let the bundler ship the files of @leanconv/wasm-kernels, or compile one and pass it as wasmGemm({ module })";
}
