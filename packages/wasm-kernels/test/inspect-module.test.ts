import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { withSection } from "../build/sections.ts";
import { inspectModule } from "../src/index.ts";
import { kernelLayout } from "../src/label.ts";

/** A module with nothing in it. */
const empty = Uint8Array.from([0, 97, 115, 109, 1, 0, 0, 0]);
const labelled = (label: unknown): unknown =>
  new WebAssembly.Module(withSection(empty, "leanconv", typeof label === "string" ? label : JSON.stringify(label)));

const strangers: Readonly<Record<string, readonly [unknown, RegExp]>> = {
  nothing: [undefined, /not a WebAssembly.Module/],
  "the bytes of a file": [
    readFileSync(join(import.meta.dirname, "..", "wasm", "simd.wasm")),
    /not a WebAssembly.Module/,
  ],
  "another module": [new WebAssembly.Module(empty), /without the label/],
  "a label that is no JSON": [labelled("{"), /cannot be read/],
  "kernels of another version": [labelled({ layout: "0-0" }), /another version; got 0-0/],
  "a label without kernels": [labelled({ layout: kernelLayout() }), /other imports/],
};

test.each(Object.entries(strangers))("%s is refused", (_, [module, message]) => {
  const refusal = expect.objectContaining({ code: "argument.module", message: expect.stringMatching(message) });
  expect(() => inspectModule(module as WebAssembly.Module, "test")).toThrowError(refusal);
});
