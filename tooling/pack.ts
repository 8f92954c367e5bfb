// Packs the public packages exactly as a release would: `workspace:` ranges replaced, `files` applied.

import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { type Manifest, publicPackages, repositoryRoot, type WorkspacePackage } from "./workspace.ts";

export interface PackedPackage extends WorkspacePackage {
  readonly tarball: string;
}

// Found on the PATH when the bootstrap started us, in .toolchain when an editor did.
const PATH = [process.env.PATH, join(repositoryRoot, ".toolchain", "node_modules", ".bin")].join(delimiter);

/** Files that an entry or a command of the package leads to; the build makes them. */
function builtFiles({ exports = {}, bin = {} }: Manifest): string[] {
  const entries = Object.values(exports).flatMap((target) =>
    typeof target === "object" && target !== null ? Object.values(target) : [String(target)],
  );
  return [...entries, ...Object.values(bin)].filter((path) => /^\.\/(dist|wasm)\//.test(path));
}

export function packPublicPackages(destination: string): PackedPackage[] {
  return publicPackages().map(({ folder, manifest }) => {
    for (const file of builtFiles(manifest)) {
      if (!existsSync(join(folder, file))) {
        throw new Error(`${manifest.name}: ${file} is missing; run "npm run build" first`);
      }
    }
    const output = execFileSync("pnpm", ["pack", "--json", "--pack-destination", destination], {
      cwd: folder,
      env: { ...process.env, PATH },
      encoding: "utf8",
    });
    const { filename } = JSON.parse(output) as { filename: string };
    return { folder, manifest, tarball: filename };
  });
}
