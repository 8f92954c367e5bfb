// `npm run check`: everything about the repository that is not a test. Runs every check, also after one has failed.
// `npm run check -- types layers` runs only those.

import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";

const root = join(import.meta.dirname, "..");

/** The JavaScript file behind a command of an installed package; starting it directly needs no shell. */
function bin(name, command = name) {
  const folder = join(root, "node_modules", name);
  const { bin } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  return join(folder, typeof bin === "string" ? bin : bin[command]);
}

const tsc = () => bin("typescript", "tsc");
const checks = {
  build: [() => [bin("turbo"), "run", "build"]],
  biome: [() => [bin("@biomejs/biome", "biome"), "check", "."]],
  types: [() => [tsc(), "-b"], () => [tsc(), "-p", "tsconfig.test.json"]],
  layers: [() => ["tooling/check-layers.ts"]],
  knip: [() => [bin("knip"), "--no-progress", "--no-config-hints"]],
  // publint and "are the types wrong" on the packed tarballs
  publish: [() => ["tooling/check-publish.ts"]],
};

function run(commands) {
  const output = [];
  for (const command of commands) {
    const result = spawnSync(process.execPath, command(), { cwd: root, encoding: "utf8" });
    output.push(result.stdout, result.stderr);
    if (result.status !== 0) return { passed: false, output: output.join("") };
  }
  return { passed: true, output: output.join("") };
}

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !Object.hasOwn(checks, name));
if (unknown.length > 0) {
  console.error(`no check "${unknown[0]}"; there are ${Object.keys(checks).join(", ")}.`);
  process.exit(2);
}

let failed = 0;
for (const [name, commands] of Object.entries(checks)) {
  if (asked.length > 0 && !asked.includes(name)) continue;
  const { passed, output } = run(commands);
  console.log(`${passed ? "pass" : "FAIL"}  ${name}`);
  if (passed) continue;
  failed++;
  console.log(output.trimEnd().replace(/^/gm, "      "));
}
process.exitCode = failed > 0 ? 1 : 0;
