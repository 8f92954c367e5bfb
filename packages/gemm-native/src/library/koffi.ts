import { convError } from "@leanconv/core";

/** The parts of koffi that are used here. */
export type Koffi = typeof import("koffi")["default"];
export type NativeLibrary = ReturnType<Koffi["load"]>;

/**
 * Loads koffi, which is an optional dependency: its binary comes as a package of the platform.
 * @throws `provider.load-failed`
 */
export async function loadKoffi(where: string): Promise<Koffi> {
  try {
    const { default: koffi } = await import("koffi");
    return koffi;
  } catch (cause) {
    throw convError("provider.load-failed", {
      ...{ where, what: "koffi, which calls native libraries, is not installed or has no binary for this platform" },
      got: `${process.platform} ${process.arch}, ${cause instanceof Error ? cause.message : String(cause)}`,
      ...{ fix: "npm install koffi", cause },
    });
  }
}
