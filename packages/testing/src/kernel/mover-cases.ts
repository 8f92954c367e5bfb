import type { Capabilities } from "@leanconv/gemm";
import fc from "fast-check";
import { copyCases, panelCopyCases } from "./copy-cases.ts";
import { activateCases, addCases, fillCases } from "./elementwise-cases.ts";
import type { KernelCase } from "./kernel-case.ts";
import { transformCases } from "./transform-cases.ts";

/** Movers of every kind the contract knows, with memory for their operands. */
export function moverCases(capabilities: Capabilities): fc.Arbitrary<KernelCase> {
  return fc.oneof(
    copyCases(),
    panelCopyCases(capabilities),
    addCases(),
    fillCases(),
    activateCases(),
    transformCases(capabilities),
  );
}
