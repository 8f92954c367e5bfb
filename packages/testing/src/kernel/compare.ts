import type { Heap } from "@leanconv/core";
import type { ActivationKind, GemmProvider, KernelDescriptor } from "@leanconv/gemm";
import { describeCase, type KernelCase } from "./kernel-case.ts";
import { runAsProgram } from "./run-as-program.ts";
import { runByDefinition, runOnProvider } from "./run-case.ts";

/** Activations that are no dyadic arithmetic; a provider may be off by a few units in the last place. */
const inexact: readonly ActivationKind[] = ["elu", "sigmoid", "tanh", "hard-swish"];

/** Units in the last place that an inexact activation may be off. */
export const activationUlps = 8;

/** Relative and absolute error allowed on integer data: 0 but for inexact activations. */
function toleranceOf(descriptor: KernelDescriptor): number {
  const kind = "activation" in descriptor ? descriptor.activation?.kind : undefined;
  return kind !== undefined && inexact.includes(kind) ? activationUlps * 2 ** -23 : 0;
}

/**
 * What is wrong with how a provider runs a case, or undefined: the result equals the definition's (exactly, for integer
 * data), and nothing else was touched.
 */
export function checkCase(provider: GemmProvider, heap: Heap, kernelCase: KernelCase): string | undefined {
  const want = runByDefinition(kernelCase, provider.capabilities.panelWidth, "integers");
  const { target: got, violations } = runOnProvider(provider, heap, kernelCase, "integers");
  if (violations.length > 0) return report(violations[0], kernelCase);
  const difference = firstDifference(got, want, toleranceOf(kernelCase.descriptor));
  return difference && report(difference, kernelCase);
}

/**
 * What is wrong with a GEMM case that runs as a program of one step on all of the provider's threads, or undefined. The
 * program also has to pass the checks of binding: none of them may refuse a legal step.
 */
export function checkBound(provider: GemmProvider, heap: Heap, kernelCase: KernelCase): string | undefined {
  const want = runByDefinition(kernelCase, provider.capabilities.panelWidth, "integers");
  const got = runAsProgram(provider, heap, kernelCase, provider.capabilities.threads);
  const difference = firstDifference(got, want, toleranceOf(kernelCase.descriptor));
  return difference && report(`bound: ${difference}`, kernelCase);
}

/** Whether any number of parts leaves the same bits, on real data. */
export function checkParts(
  provider: GemmProvider,
  heap: Heap,
  kernelCase: KernelCase,
  parts: number,
): string | undefined {
  const want = runOnProvider(provider, heap, kernelCase, "reals").target;
  const { target: got, violations } = runOnProvider(provider, heap, kernelCase, "reals", parts);
  if (violations.length > 0) return report(`in ${parts} parts: ${violations[0]}`, kernelCase);
  const at = got.findIndex((word, i) => word !== want[i]);
  if (at < 0) return undefined;
  return report(`element ${at} differs in ${parts} parts: ${floatOf(got[at])}, whole ${floatOf(want[at])}`, kernelCase);
}

function report(what: string, kernelCase: KernelCase): string {
  return `${what}\n${describeCase(kernelCase)}`;
}

/** The first element that differs, or undefined. Signed zeros are equal; NaNs only where nothing was written. */
function firstDifference(got: Uint32Array, want: Uint32Array, tolerance: number): string | undefined {
  for (let i = 0; i < want.length; i++) {
    if (got[i] === want[i]) continue;
    const g = floatOf(got[i]);
    const w = floatOf(want[i]);
    // 2^-126: a provider may flush results below the normal numbers to zero.
    if (tolerance === 0 ? g === w : Math.abs(g - w) <= tolerance * Math.abs(w) + 2 ** -126) continue;
    return `element ${i} of the target is ${g} (0x${got[i].toString(16)}), not ${w} (0x${want[i].toString(16)})`;
  }
  return undefined;
}

const bits = new Uint32Array(1);
const float = new Float32Array(bits.buffer);

function floatOf(word: number): number {
  bits[0] = word;
  return float[0];
}
