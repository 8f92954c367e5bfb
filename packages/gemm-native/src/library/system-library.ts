import { findLibrary } from "./find-library.ts";
import type { LibraryReport } from "./kinds.ts";
import { loadKoffi } from "./koffi.ts";
import type { Sgemm } from "./sgemm.ts";

/** A library of the system, to be called as it is: what measurements compare the provider with. */
export interface SystemLibrary {
  readonly report: LibraryReport;
  readonly sgemm: Sgemm;
  /** The address of an array's first element, which stays where it is. */
  addressOf(memory: Float32Array): number;
}

/**
 * The library that `nativeGemm` would use with the same wish.
 * @throws `provider.load-failed`
 */
export async function systemLibrary(wish?: string, where: string = "systemLibrary"): Promise<SystemLibrary> {
  const { report, sgemm } = await findLibrary(wish, where);
  const koffi = await loadKoffi(where);
  return { report, sgemm, addressOf: (memory) => Number(koffi.address(memory)) };
}
