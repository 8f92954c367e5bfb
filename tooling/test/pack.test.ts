// The packages as npm users get them: packed, unpacked into an empty project, run without the source condition.
// No installer is involved, so that the test needs no network: our tarballs are unpacked into node_modules and
// third-party packages are linked from where the workspace has them.

import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type PackedPackage, packPublicPackages } from "../pack.ts";
import { readManifest } from "../workspace.ts";

let project = "";
let packed: PackedPackage[] = [];

const installed = (name: string) => join(project, "node_modules", name);

beforeAll(() => {
  project = mkdtempSync(join(tmpdir(), "leanconv-pack-"));
  writeFileSync(join(project, "package.json"), JSON.stringify({ private: true, type: "module" }));
  packed = packPublicPackages(project);
  for (const { manifest, tarball } of packed) {
    mkdirSync(installed(manifest.name), { recursive: true });
    execFileSync("tar", ["-xzf", tarball, "-C", installed(manifest.name), "--strip-components=1"]);
  }
  for (const { folder, manifest } of packed) {
    for (const name of Object.keys(readManifest(installed(manifest.name)).dependencies ?? {})) {
      if (existsSync(installed(name))) continue;
      mkdirSync(dirname(installed(name)), { recursive: true });
      symlinkSync(realpathSync(join(folder, "node_modules", name)), installed(name), "junction");
    }
  }
}, 120_000);

afterAll(() => rmSync(project, { recursive: true }));

/** Runs a module inside the project and returns what it prints. */
function run(source: string): string {
  const file = join(project, "main.mjs");
  writeFileSync(file, source);
  const env = { ...process.env };
  delete env.NODE_OPTIONS;
  return execFileSync(process.execPath, [file], { cwd: project, env, encoding: "utf8" });
}

test("no workspace range and no build bookkeeping is published", () => {
  for (const { manifest } of packed) {
    const { dependencies = {} } = readManifest(installed(manifest.name));
    expect(Object.values(dependencies).filter((range) => /^(workspace|catalog):/.test(range))).toEqual([]);
    expect(existsSync(join(installed(manifest.name), "dist", ".tsbuildinfo"))).toBe(false);
    expect(existsSync(join(installed(manifest.name), "LICENSE"))).toBe(true);
  }
});

test("every public entry can be imported", () => {
  const specifiers = packed.flatMap(({ manifest }) =>
    Object.keys(manifest.exports ?? {})
      // Data and compiled kernels are files for bundlers and hosts.
      .filter((entry) => !/\.(json|wasm)$/.test(entry))
      .map((entry) => manifest.name + entry.slice(1)),
  );
  const imports = specifiers.map((specifier) => `await import(${JSON.stringify(specifier)});`);
  expect(run(`${imports.join("\n")}\nconsole.log("imported", ${specifiers.length});`)).toBe(
    `imported ${specifiers.length}\n`,
  );
});

test("every command starts and prints its help", () => {
  for (const { manifest } of packed) {
    for (const path of Object.values(manifest.bin ?? {})) {
      const output = execFileSync(process.execPath, [join(installed(manifest.name), path), "--help"], {
        cwd: project,
        encoding: "utf8",
      });
      expect(output).toMatch(/usage/i);
    }
  }
});

test("one convolution runs through the umbrella", () => {
  const output = run(`
    import { conv2d } from "leanconv";
    const y = await conv2d(
      { data: Float32Array.from({ length: 9 }, (_, i) => i), shape: [1, 1, 3, 3] },
      { data: new Float32Array(4).fill(1), shape: [1, 1, 2, 2] },
    );
    console.log(JSON.stringify({ shape: [...y.shape], data: [...y.data] }));
  `);
  expect(JSON.parse(output)).toEqual({ shape: [1, 1, 2, 2], data: [8, 12, 20, 24] });
});
