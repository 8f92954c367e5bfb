import { accessSync, constants, existsSync } from "node:fs";
import { delimiter, join } from "node:path";

const root = join(import.meta.dirname, "../../../..");
const fetched = join(root, ".toolchain", "runtimes", "node_modules");

/** Where `tooling/fetch-runtimes.mjs` has put a Node release, if it has. */
export function nodeRuntime(name: "node22" | "node26"): string | undefined {
  const windows = process.platform === "win32";
  return found(join(fetched, name, windows ? "node.exe" : "bin/node"));
}

/** The binary of workerd, which lies in a package for each platform. */
export function workerdRuntime(): string | undefined {
  const platforms: Readonly<Record<string, string>> = { linux: "linux", darwin: "darwin", win32: "windows" };
  const architecture = process.arch === "arm64" ? "arm64" : "64";
  const folder = join(fetched, "@cloudflare", `workerd-${platforms[process.platform]}-${architecture}`);
  return found(join(folder, "bin", process.platform === "win32" ? "workerd.exe" : "workerd"));
}

/** CHROMIUM_PATH, or the first chromium of the PATH. */
export function chromiumBrowser(): string | undefined {
  const { CHROMIUM_PATH, PATH = "" } = process.env;
  if (CHROMIUM_PATH) return found(CHROMIUM_PATH);
  const names = ["chromium", "chromium-browser", "google-chrome"];
  return PATH.split(delimiter)
    .flatMap((folder) => names.map((name) => join(folder, name)))
    .find((path) => found(path));
}

function found(path: string): string | undefined {
  if (!existsSync(path)) return undefined;
  accessSync(path, constants.X_OK);
  return path;
}

/** The words of a skipped test's name, so that a report shows what did not run here and how it would. */
export const unless = (path: string | undefined, how: string): string =>
  path === undefined ? ` (skipped: ${how})` : "";
