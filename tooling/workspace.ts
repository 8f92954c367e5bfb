// The packages of this workspace, as their package.json files tell.

import { existsSync, globSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";

export interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly private?: boolean;
  readonly exports?: Readonly<Record<string, unknown>>;
  readonly imports?: Readonly<Record<string, unknown>>;
  readonly bin?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  /** `packedLimitBytes`: the most that the packed package may weigh, as npm users download it. */
  readonly leanconv?: { readonly layer?: string; readonly packedLimitBytes?: number };
}

export interface WorkspacePackage {
  /** Absolute path. */
  readonly folder: string;
  readonly manifest: Manifest;
}

export const repositoryRoot = resolve(import.meta.dirname, "..");

export function readManifest(folder: string): Manifest {
  return JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
}

/** All packages below `root`, sorted by folder; `root` is a parameter so that tests can plant a small workspace. */
export function workspacePackages(root: string = repositoryRoot): WorkspacePackage[] {
  return ["packages/*", "apps/*", "bench"]
    .flatMap((pattern) => globSync(pattern, { cwd: root }).sort())
    .map((folder) => join(root, folder))
    .filter((folder) => existsSync(join(folder, "package.json")))
    .map((folder) => ({ folder, manifest: readManifest(folder) }));
}

/** Those that go to npm. */
export function publicPackages(): WorkspacePackage[] {
  return workspacePackages().filter(({ manifest }) => !manifest.private);
}
