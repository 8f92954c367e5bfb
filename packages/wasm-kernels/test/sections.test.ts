import { expect, test } from "vitest";
import { constantsEnd, withSection, withSharedMemory } from "../build/sections.ts";

const magic = [0, 97, 115, 109, 1, 0, 0, 0];
/** (import "a" "b" (memory 1 1)) */
const memoryImport = [2, 9, 1, 1, 97, 1, 98, 2, 1, 1, 1];
/** (data (i32.const 300) "xyz") (data (i32.const 8) "x") */
const constants = [11, 16, 2, 0, 65, 172, 2, 11, 3, 120, 121, 122, 0, 65, 8, 11, 1, 120];
const binary = Uint8Array.from([...magic, ...memoryImport, ...constants]);

test("where constants end is read from the data section", () => {
  expect(new WebAssembly.Module(binary)).toBeInstanceOf(WebAssembly.Module);
  expect(constantsEnd(binary)).toBe(303);
  expect(constantsEnd(Uint8Array.from(magic))).toBe(0);
});

test("a label is a custom section, of any length", () => {
  for (const text of ["", "x", "y".repeat(300)]) {
    const module = new WebAssembly.Module(withSection(binary, "label", text));
    const [section] = WebAssembly.Module.customSections(module, "label");
    expect(new TextDecoder().decode(section)).toBe(text);
  }
});

test("a memory becomes shared, and anything else is refused", () => {
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true });
  const module = new WebAssembly.Module(withSharedMemory(binary));
  expect(new WebAssembly.Instance(module, { a: { b: memory } })).toBeInstanceOf(WebAssembly.Instance);
  expect(() => withSharedMemory(Uint8Array.from(magic))).toThrow("no bounded memory");
});
