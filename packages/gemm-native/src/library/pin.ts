import { optionalFunction } from "./functions.ts";
import type { Koffi } from "./koffi.ts";

// RTLD_NOW | RTLD_NODELETE of <dlfcn.h>.
const flags: Readonly<Partial<Record<NodeJS.Platform, number>>> = { linux: 0x1002, darwin: 0x82 };

/**
 * Keeps a library loaded until the process ends: koffi unloads what it has loaded when a thread of Node ends, while the
 * library's own threads and exit handlers may still be there.
 */
export function pinLibrary(koffi: Koffi, file: string): void {
  const flag = flags[process.platform];
  if (flag === undefined) return;
  optionalFunction(koffi.load(null), "void*", "dlopen", ["const char*", "int"])?.(file, flag);
}
