import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

/** Runs a module in a Node that, like a page under a strict policy, refuses to make code from strings. */
function runStrictly(source: string) {
  const flags = ["--conditions=@leanconv/source", "--disallow-code-generation-from-strings", "--input-type=module"];
  const cwd = fileURLToPath(new URL("..", import.meta.url));
  return spawnSync(process.execPath, [...flags, "--eval", source], { cwd, encoding: "utf8", timeout: 60_000 });
}

test("the main entry needs no code generation", () => {
  const result = runStrictly(`
    import { imageView, maxAbsoluteDifference, toLayout } from "@leanconv/tensor";
    const image = imageView(Float32Array.from({ length: 105 }, (_, i) => i), [1, 3, 5, 7], "nhwc");
    console.log(maxAbsoluteDifference(image, toLayout(image, "nchw")));
  `);
  expect(result.stderr).toBe("");
  expect(result.stdout.trim()).toBe("0");
});

test("the ndarray entry does, already at import", () => {
  const result = runStrictly(`import "@leanconv/tensor/ndarray";`);
  expect(result.status).not.toBe(0);
  expect(result.stderr).toContain("EvalError");
});
