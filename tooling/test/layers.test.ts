import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { afterEach, expect, test } from "vitest";
import { checkLayers } from "../check-layers.ts";

const temporary: string[] = [];
afterEach(() => {
  for (const folder of temporary.splice(0)) rmSync(folder, { recursive: true });
});

/** A workspace of the real packages' names and layers, with the given files in it. */
function violationsOf(files: Record<string, string>, dependencies: readonly string[] = []) {
  const root = mkdtempSync(join(tmpdir(), "leanconv-layers-"));
  temporary.push(root);
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  const layers = {
    core: "core",
    tensor: "tensor",
    gemm: "gemm",
    conv: "conv",
    "gemm-js": "provider",
    "conv-direct": "algorithm",
    "conv-mec": "algorithm",
    "conv-im2col": "algorithm",
    planner: "planner",
    algorithms: "list",
    testing: "testing",
  };
  for (const [folder, layer] of Object.entries(layers)) {
    const json = {
      name: `@leanconv/${folder}`,
      exports: { ".": "./src/index.ts", ...(folder === "tensor" ? { "./ndarray": "./src/ndarray.ts" } : {}) },
      dependencies: Object.fromEntries(dependencies.map((name) => [name, "*"])),
      leanconv: { layer },
    };
    write(`packages/${folder}/package.json`, JSON.stringify(json));
  }
  write(
    "apps/cli/package.json",
    JSON.stringify({ name: "@leanconv/cli", dependencies: { "@leanconv/tensor": "*" }, leanconv: { layer: "app" } }),
  );
  for (const [path, text] of Object.entries(files)) write(path, text);
  return checkLayers(root).violations.map(({ file, line, message }) => `${file}:${line}: ${message}`);
}

const mec = "packages/conv-mec/src/index.ts";

test("allowed imports pass", () => {
  const files = {
    [mec]:
      'import { x } from "@leanconv/core";\nexport type { y } from "@leanconv/tensor/ndarray";\nimport "./bind.ts";\n',
    "packages/tensor/src/ndarray.ts": 'import ndarray from "ndarray";\n',
    "apps/cli/src/main.ts": 'import fs from "node:fs";\nimport "@leanconv/tensor";\n',
  };
  expect(violationsOf(files, ["@leanconv/core", "@leanconv/tensor", "ndarray"])).toEqual([]);
});

test.each([
  ["an algorithm imports another", mec, "@leanconv/conv-im2col", /may not import "@leanconv\/conv-im2col"/],
  ["an algorithm imports a provider", mec, "@leanconv/gemm-js", /layer "algorithm" may not import/],
  ["a provider imports tensor", "packages/gemm-js/src/index.ts", "@leanconv/tensor", /layer "provider" may not/],
  ["a provider imports conv", "packages/gemm-js/src/index.ts", "@leanconv/conv", /layer "provider" may not/],
  ["a provider imports ndarray", "packages/gemm-js/src/index.ts", "ndarray", /"ndarray" may not be imported here/],
  ["ndarray beyond its one file", "packages/tensor/src/view.ts", "ndarray-ops", /may not be imported here/],
  [
    "the planner imports an algorithm",
    "packages/planner/src/index.ts",
    "@leanconv/conv-mec",
    /layer "planner" may not/,
  ],
  ["the list imports the oracle", "packages/algorithms/src/index.ts", "@leanconv/conv-direct", /layer "list" may not/],
  ["testing outside test folders", mec, "@leanconv/testing", /from test folders only/],
  ["Node modules in an algorithm", mec, "node:fs", /must run outside Node/],
  ["a deep import", mec, "@leanconv/core/src/error.ts", /not a public entry/],
  ["a path into another package", mec, "../../core/src/error.ts", /leaves the package's src/],
  ["core imports anything", "packages/core/src/index.ts", "@leanconv/gemm", /layer "core" may not/],
])("caught: %s", (_name, file, specifier, message) => {
  const declared = specifier.startsWith("@") ? specifier.split("/").slice(0, 2).join("/") : specifier;
  const found = violationsOf({ [file]: `export {};\nimport "${specifier}";\n` }, [declared]);
  expect(found).toHaveLength(1);
  expect(found[0]).toMatch(message);
  expect(found[0]).toContain(`${file}:2:`);
});

test.each([
  ["type-only import", 'import type { A } from "@leanconv/gemm-js";'],
  ["re-export", 'export * from "@leanconv/gemm-js";'],
  ["dynamic import", 'const a = await import("@leanconv/gemm-js");'],
  ["import type in place", 'let a: import("@leanconv/gemm-js").A;'],
])("caught in every form: %s", (_name, text) => {
  expect(violationsOf({ [mec]: text }, ["@leanconv/gemm-js"])).toHaveLength(1);
});

test.each([
  ["require", 'const a = require("@leanconv/gemm-js");', /require\(\) hides/],
  ["module.require", 'const a = module.require("@leanconv/gemm-js");', /require\(\) hides/],
  ["createRequire", "const a = createRequire(import.meta.url);", /require\(\) hides/],
  ["import equals", 'import a = require("@leanconv/gemm-js");', /require\(\) hides/],
  ["computed import", 'const a = await import("@leanconv/" + name);', /computed name/],
  ["template with a hole", `const a = await import(\`@leanconv/\${name}\`);`, /computed name/],
])("caught although it hides its name: %s", (_name, text, message) => {
  const found = violationsOf({ [mec]: text }, ["@leanconv/gemm-js"]);
  expect(found).toHaveLength(1);
  expect(found[0]).toMatch(message);
});

test("an undeclared dependency is caught", () => {
  expect(violationsOf({ [mec]: 'import "@leanconv/core";' })).toEqual([
    `${mec}:1: "@leanconv/core" is not among the dependencies in package.json`,
  ]);
});

test("this repository keeps its layers", () => {
  expect(checkLayers(resolve(import.meta.dirname, "../..")).violations).toEqual([]);
});
