// Fetches what the tests of other runtimes need, from npm into .toolchain/runtimes: Node releases besides the one in use,
// and workerd. CI runs it; without it these tests skip and say so. Must parse on Node 18.

import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const folder = join(dirname(fileURLToPath(import.meta.url)), "..", ".toolchain", "runtimes");
const windows = process.platform === "win32";
const platform = windows ? "win" : process.platform;
const nodePackage = `${platform === "darwin" && process.arch === "arm64" ? "node-bin" : "node"}-${platform}-${process.arch}`;

const wanted = {
  node22: [`npm:${nodePackage}@22.23.3`, "22.23.3"],
  node26: [`npm:${nodePackage}@26.10.0`, "26.10.0"],
  workerd: ["1.20261117.1", "1.20261117.1"],
};

function installedVersion(name) {
  try {
    return JSON.parse(readFileSync(join(folder, "node_modules", name, "package.json"), "utf8")).version;
  } catch {
    return undefined;
  }
}

if (Object.entries(wanted).some(([name, [, version]]) => installedVersion(name) !== version)) {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "package.json"), '{ "private": true }\n');
  const flags = ["--no-save", "--no-package-lock", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error"];
  const what = Object.entries(wanted).map(([name, [range]]) => `${name}@${range}`);
  const { status } = spawnSync("npm", ["install", "--prefix", folder, ...flags, ...what], {
    cwd: folder,
    stdio: "inherit",
    shell: windows,
  });
  process.exit(status === null ? 1 : status);
}
