import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";
import { publicPackages, repositoryRoot } from "../workspace.ts";

/** ndarray and ndarray-ops make functions from strings, so their entry is the one that a strict policy excludes. */
const needsCodeGeneration = ["@leanconv/tensor/ndarray"];

/** Every public module entry but apps' and files that are no modules. */
const entries = publicPackages()
  .filter(({ folder }) => !folder.includes(join(repositoryRoot, "apps")))
  .flatMap(({ manifest }) =>
    Object.keys(manifest.exports ?? {})
      .filter((entry) => !/\.(json|wasm)$/.test(entry))
      .map((entry) => manifest.name + entry.slice(1)),
  );

const convolution = `
  const { conv2d } = await import("leanconv");
  const nine = { data: Float32Array.from({ length: 9 }, (_, i) => i), shape: [1, 1, 3, 3] };
  const ones = { data: new Float32Array(4).fill(1), shape: [1, 1, 2, 2] };
  console.log((await conv2d(nine, ones)).data.join());
`;

function run(script: string): { status: number | null; printed: string; errors: string } {
  const flags = ["--disallow-code-generation-from-strings", "--conditions=@leanconv/source", "--input-type=module"];
  const { status, stdout, stderr } = spawnSync(process.execPath, [...flags, "--eval", script], {
    cwd: repositoryRoot,
    encoding: "utf8",
  });
  return { status, printed: stdout.trim(), errors: stderr };
}

test("every entry but ndarray's loads, and a convolution runs, where strings cannot become code", {
  timeout: 60_000,
}, () => {
  const strict = entries.filter((entry) => !needsCodeGeneration.includes(entry));
  expect(strict.length).toBeGreaterThan(12);
  const imports = strict.map((entry) => `await import(${JSON.stringify(entry)});`).join("\n");
  const { status, printed, errors } = run(imports + convolution);
  expect(errors).toBe("");
  expect(status).toBe(0);
  expect(printed).toBe("8,12,20,24");
});

test.each(needsCodeGeneration)("%s says so by failing there", { timeout: 60_000 }, (entry) => {
  const { status, errors } = run(`const m = await import(${JSON.stringify(entry)});
    m.toNdarray({ data: new Float32Array(4), shape: [2, 2], stride: [2, 1], offset: 0 });`);
  expect(status).not.toBe(0);
  expect(errors).toContain("EvalError");
});
