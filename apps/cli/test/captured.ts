import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runCli } from "../src/cli.ts";

export interface Captured {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs a command line in this process and collects what it writes. */
export async function capture(...args: readonly string[]): Promise<Captured> {
  return captureWith({ colors: false }, ...args);
}

export async function captureWith({ colors }: { colors: boolean }, ...args: readonly string[]): Promise<Captured> {
  let out = "";
  let err = "";
  const io = {
    out: (text: string) => {
      out += text;
    },
    err: (text: string) => {
      err += text;
    },
    ...{ colors, progress: false },
  };
  return { code: await runCli(args, io), out, err };
}

/** The JSON objects of an output, one a line; fails on any other line. */
// biome-ignore lint/suspicious/noExplicitAny: the tests look into them
export function jsonLines(out: string): any[] {
  return out
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
}

/** A file in a folder of its own, gone with the system's temporary files. */
export function temporaryFile(name: string, content: unknown): string {
  const path = join(mkdtempSync(join(tmpdir(), "leanconv-")), name);
  writeFileSync(path, typeof content === "string" ? content : JSON.stringify(content));
  return path;
}

/** Three small layers: many pixels, groups with a stride, and a 1x1. */
export const smallLayers = [
  { name: "first", problem: "ic3ih17iw23oc8kh3ph1+bias+relu" },
  { name: "second", problem: "ic8ih17oc8kh3sh2ph1g4+bias+relu6" },
  { name: "third", problem: "n2ic8ih5oc4kh1" },
];
