import { readFileSync } from "node:fs";

/** Instructions of the processor as far as libraries choose kernels by them; undefined where the system does not tell. */
export interface Processor {
  readonly avx2: boolean;
  readonly avx512: boolean;
}

/** Linux on x64 tells; other systems' libraries are left to their own choice. */
export function detectProcessor(): Processor | undefined {
  if (process.platform !== "linux" || process.arch !== "x64") return undefined;
  try {
    return parseFlags(readFileSync("/proc/cpuinfo", "utf8"));
  } catch {
    return undefined;
  }
}

/** The first processor's line of flags. */
export function parseFlags(cpuinfo: string): Processor | undefined {
  const line = /^flags\s*:(.*)$/m.exec(cpuinfo)?.[1];
  if (line === undefined) return undefined;
  const flags = new Set(line.trim().split(/\s+/));
  const all = (...names: readonly string[]): boolean => names.every((name) => flags.has(name));
  return {
    avx2: all("avx2", "fma"),
    // What the AVX-512 kernels of OpenBLAS (SkylakeX) and BLIS (skx) use.
    avx512: all("avx512f", "avx512cd", "avx512bw", "avx512dq", "avx512vl"),
  };
}
