import type { ErrorCode } from "@leanconv/core";
import type { GemmProvider, KernelDescriptor } from "@leanconv/gemm";
import fc from "fast-check";
import { gemmCases, gemmSweep } from "../kernel/gemm-cases.ts";
import { moverCases } from "../kernel/mover-cases.ts";

/** Which codes a provider refuses with, over a fixed set of descriptors of every kind. */
export function refusalCensus(provider: GemmProvider): Set<ErrorCode> {
  const codes = new Set<ErrorCode>();
  for (const descriptor of sampleDescriptors(provider)) {
    const refusal = provider.refuses(descriptor);
    if (refusal) codes.add(refusal.code);
  }
  return codes;
}

/** Descriptors of every kind, the same on every run. */
export function sampleDescriptors({ capabilities }: GemmProvider): KernelDescriptor[] {
  const sweep = (["plain", "packed"] as const).flatMap((a) =>
    (["plain", "patch", "panels"] as const).flatMap((b) => gemmSweep(a, b, capabilities.panelWidth)),
  );
  const random = [gemmCases(capabilities), moverCases(capabilities)].flatMap((cases) =>
    fc.sample(cases, { seed: 20240607, numRuns: 300 }),
  );
  return [...sweep, ...random].map((kernelCase) => kernelCase.descriptor);
}
