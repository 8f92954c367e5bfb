import { convError } from "@leanconv/core";
import { optionalFunction } from "./functions.ts";
import type { Koffi, NativeLibrary } from "./koffi.ts";
import type { Sgemm } from "./sgemm.ts";

// dnnl_cpu_isa_t of oneDNN 2 and 3 (dnnl_types.h), as far as x64 goes.
const isaNames: Readonly<Record<number, string>> = {
  ...{ 1: "sse41", 3: "avx", 7: "avx2", 15: "avx2_vnni", 31: "avx2_vnni_2", 39: "avx512_core" },
  ...{ 103: "avx512_core_vnni", 231: "avx512_core_bf16", 495: "avx512_core_fp16", 999: "avx512_core_amx" },
  4079: "avx512_core_amx_fp16",
};
const runtimes: Readonly<Record<number, string>> = { 1: "none", 2: "OpenMP", 4: "TBB", 8: "threadpool" };

export function onednnVersion(koffi: Koffi, library: NativeLibrary): { version: string; threading: string } {
  const read = optionalFunction(library, "void*", "dnnl_version", []);
  if (read === undefined) return { version: "unknown", threading: "unknown" };
  // dnnl_version_t: major, minor, patch, the pointer to a hash, then the runtime.
  const address = read();
  const numbers = koffi.decode(address, "int", 3) as ArrayLike<number>;
  const runtime = koffi.decode(address, 24, "uint32") as number;
  return { version: Array.from(numbers).join("."), threading: runtimes[runtime] ?? `runtime ${runtime}` };
}

export function onednnKernel(library: NativeLibrary): string {
  const isa = optionalFunction(library, "int", "dnnl_get_effective_cpu_isa", [])?.();
  return typeof isa === "number" ? (isaNames[isa] ?? `isa 0x${isa.toString(16)}`) : "";
}

const plain = "N".charCodeAt(0);
const turned = "T".charCodeAt(0);

/** `dnnl_sgemm`, undefined where the library has none. */
export function onednnSgemm(library: NativeLibrary): Sgemm | undefined {
  const matrix = ["uintptr_t", "int64_t"];
  const dnnlSgemm = optionalFunction(library, "int", "dnnl_sgemm", [
    ...["char", "char", "int64_t", "int64_t", "int64_t", "float", ...matrix, ...matrix, "float", ...matrix],
  ]);
  if (dnnlSgemm === undefined) return undefined;
  return (transposedA, transposedB, m, n, k, a, lda, b, ldb, beta, c, ldc) => {
    const status = dnnlSgemm(
      transposedA ? turned : plain,
      transposedB ? turned : plain,
      m,
      n,
      k,
      1,
      a,
      lda,
      b,
      ldb,
      beta,
      c,
      ldc,
    );
    if (status === 0) return;
    throw convError("provider.failed", {
      where: "dnnl_sgemm",
      what: "oneDNN refused a product",
      got: `status ${status}`,
    });
  };
}
