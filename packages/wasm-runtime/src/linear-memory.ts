import { convError } from "@leanconv/core";

export const pageBytes = 65536;

/**
 * One linear memory of exactly these bytes, a multiple of a page, which never grows.
 * @throws `resource.out-of-memory`
 */
export function allocateMemory(bytes: number, shared: boolean, where: string): WebAssembly.Memory {
  const pages = bytes / pageBytes;
  try {
    return new WebAssembly.Memory({ initial: pages, maximum: pages, shared });
  } catch (cause) {
    throw convError("resource.out-of-memory", {
      where,
      what: "no linear memory of this size",
      got: `${bytes} bytes`,
      wanted: "at most 4 GiB, and what the engine has left",
      fix: "ask for less: smaller tensors, fewer images at a time or less workspace",
      details: { requestedBytes: bytes },
      cause,
    });
  }
}
