import { defineProvider, type GemmProvider, naiveGemm, type Program, workspaceNeeds } from "@leanconv/gemm";
import { expect, test } from "vitest";
import { copy, fill, gemm, program } from "./programs.ts";

/** Copies need 20 bytes of scratch and a table of 8, products 36 and 100. */
const provider: GemmProvider = defineProvider({
  name: "hungry",
  plainGemm: naiveGemm,
  capabilities: { alignBytes: 32 },
  query: ({ kind }) => {
    if (kind === "copy") return { scratchBytes: 20, tableBytes: 8 };
    return kind === "gemm" ? { scratchBytes: 36, tableBytes: 100 } : { scratchBytes: 0, tableBytes: 0 };
  },
});

const made = (kernels: Program["kernels"], slots: Program["slots"] = []): Program => program({}, kernels, [], slots);

test("without slots and scratch nothing is needed", () => {
  expect(workspaceNeeds(made([fill(3)]), provider)).toMatchObject({ slotBytes: 0, scratchBytes: 0, workspaceBytes: 0 });
});

test("scratch is the largest of all kernels, for every thread; tables add up", () => {
  const needs = workspaceNeeds(made([copy(1), gemm(1, 1, 1, 1), copy(2)]), provider, 3);
  expect(needs).toEqual({
    ...{ slotBytes: 0, scratchBytes: 36, scratchOffsetBytes: 0, scratchStrideBytes: 64 },
    ...{ workspaceBytes: 2 * 64 + 36, tableBytes: 116 },
  });
});

test("slots come first, per-thread ones in copies, then the scratch at the next aligned place", () => {
  const slots = [
    { name: "own", elements: 3, perThread: true },
    { name: "shared", elements: 5 },
  ];
  // own: 0 and 32; shared: 64 to 84; scratch: 96 and 128.
  expect(workspaceNeeds(made([copy(1)], slots), provider, 2)).toEqual({
    ...{ slotBytes: 84, scratchBytes: 20, scratchOffsetBytes: 96, scratchStrideBytes: 32 },
    ...{ workspaceBytes: 96 + 32 + 20, tableBytes: 8 },
  });
  expect(workspaceNeeds(made([fill(1)], slots), provider, 2).workspaceBytes).toBe(84);
});
