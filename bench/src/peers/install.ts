import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { progress } from "../harness/progress.ts";

const folder = join(import.meta.dirname, "..", "..", "peers");
const modules = join(folder, "node_modules");

/** Resolves as a file in the peers' folder would. */
export const peerRequire: NodeJS.Require = createRequire(join(folder, "package.json"));

/** Whether the installed peers are those of the lockfile. */
export function peersInstalled(): boolean {
  // npm keeps a copy of the lockfile, less its root, where it installs.
  const copy = join(modules, ".package-lock.json");
  if (!existsSync(copy)) return false;
  const { packages: wanted } = JSON.parse(readFileSync(join(folder, "package-lock.json"), "utf8"));
  const { packages: found } = JSON.parse(readFileSync(copy, "utf8"));
  return Object.keys(wanted).every((name) => name === "" || wanted[name].version === found[name]?.version);
}

/** Installs the peers from their own lockfile, unless they are there. No script of theirs runs. */
export function installPeers(): void {
  if (peersInstalled()) return;
  progress("installing the peers into bench/peers (first run only)");
  const args = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
  const windows = process.platform === "win32";
  const { status, stderr } = spawnSync("npm", args, { cwd: folder, encoding: "utf8", shell: windows });
  if (status === 0) return;
  const why = /^npm error (?!code |syscall |errno |path |A complete)(.*)$/m.exec(stderr ?? "")?.[1] ?? "npm failed";
  throw new Error(`could not install the peers with npm (${why}); check the network, or run without --against.`);
}

export function peerVersion(name: string): string {
  return JSON.parse(readFileSync(join(modules, name, "package.json"), "utf8")).version;
}
