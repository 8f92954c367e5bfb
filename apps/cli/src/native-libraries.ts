import { libraryVariables, listLibraries } from "@leanconv/gemm-native";
import { isConvError } from "leanconv";
import type { Palette } from "./io.ts";
import { wholeTable } from "./table.ts";

/** A library of the system, or why there is none. */
export type NativeLibrary = Awaited<ReturnType<typeof listLibraries>>[number];

/** What the native provider could use here. */
export async function nativeLibraries(): Promise<readonly NativeLibrary[]> {
  try {
    return await listLibraries();
  } catch (error) {
    if (!isConvError(error)) throw error;
    return [];
  }
}

/** The libraries as a table, in the order in which the provider tries them, and the variables that choose one. */
export function librarySection(libraries: readonly NativeLibrary[], colors: Palette): string {
  const titles = ["library", "version", "kernel", "its threads", "file"].map((title) => ({ title }));
  const rows = libraries.map((one) => {
    if ("problem" in one) return [one.kind, one.problem, "", "", ""];
    const { kind, version, kernel, threading, file, tested } = one;
    return [tested ? kind : `${kind} (untested)`, version, kernel, threading, file];
  });
  const set = libraryVariables.filter((name) => process.env[name] !== undefined);
  const variables = set.map((name) => `${name}=${process.env[name]}`).join(" ");
  const none = "no library that the native provider knows\n";
  return `\n${rows.length === 0 ? none : wholeTable(titles, rows, colors)}${variables === "" ? "" : `set: ${variables}\n`}`;
}
