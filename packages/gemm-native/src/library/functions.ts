import type { NativeLibrary } from "./koffi.ts";

// The name is looked up in the library and in what it depends on, so that the OpenMP runtime of a library is found.
export type NativeFunction = (...values: readonly (number | string)[]) => unknown;

/** A function of a library, undefined where it has none of this name. */
export function optionalFunction(
  library: NativeLibrary,
  result: string,
  name: string,
  parameters: readonly string[],
): NativeFunction | undefined {
  try {
    return library.func(name, result, [...parameters]) as unknown as NativeFunction;
  } catch {
    return undefined;
  }
}

/** The text that a function without parameters returns; "" where there is none. */
export function textOf(library: NativeLibrary, name: string): string {
  const text = optionalFunction(library, "const char*", name, [])?.();
  return typeof text === "string" ? text : "";
}
