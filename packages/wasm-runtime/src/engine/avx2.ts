/** Whether the processor has AVX2, as Linux tells it; undefined where no file says so. */
export function processorHasAvx2(): boolean | undefined {
  const { process } = globalThis as { process?: Partial<NodeJS.Process> };
  if (process?.platform !== "linux") return undefined;
  try {
    return flagsHaveAvx2(process.getBuiltinModule?.("node:fs").readFileSync("/proc/cpuinfo", "utf8") ?? "");
  } catch {
    return undefined;
  }
}

/** Reads the flags of the first processor in a file like `/proc/cpuinfo`; undefined if it lists none. */
export function flagsHaveAvx2(cpuinfo: string): boolean | undefined {
  const flags = /^flags\s*:(.*)$/m.exec(cpuinfo)?.[1];
  return flags?.split(" ").includes("avx2");
}
