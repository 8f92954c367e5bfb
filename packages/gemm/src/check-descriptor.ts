import type { Refusal } from "@leanconv/core";
import type { KernelDescriptor } from "./descriptor.ts";
import { levelCount } from "./extent.ts";

/** What is wrong with a descriptor in itself, whoever would compile it; undefined when nothing is. */
export function checkDescriptor(descriptor: KernelDescriptor): Refusal | undefined {
  if (descriptor.dtype !== "float32")
    return { code: "argument.dtype", reason: `dtype ${descriptor.dtype}; only float32 exists` };
  if (descriptor.kind !== "gemm") return checkAxes(descriptor);
  const { m, k, rows, cols, a, b, beta, batch } = descriptor;
  for (const [name, size] of Object.entries({ m, k, rows, cols, "batch.count": batch?.count ?? 1 })) {
    if (!Number.isSafeInteger(size) || size < 0) return wrong(`${name} is ${size}, not a whole number of at least 0`);
  }
  if (beta !== 0 && beta !== 1) return wrong(`beta is ${beta}, not 0 or 1`);
  if (a.kind === "packed" && m > levelCount(a.pack.rows)) return wrong(`m ${m} exceeds the packed rows`);
  if (a.kind === "packed" && k > levelCount(a.pack.k)) return wrong(`k ${k} exceeds the packed depth`);
  if (b.kind === "patch" && b.taps.length * b.channels !== k) {
    return wrong(`k ${k} is not taps ${b.taps.length} times channels ${b.channels}`);
  }
  if (b.kind === "panels" && k > b.depth) return wrong(`k ${k} exceeds the panels' depth ${b.depth}`);
  return undefined;
}

function checkAxes(descriptor: Exclude<KernelDescriptor, { kind: "gemm" }>): Refusal | undefined {
  const { extents } = descriptor;
  if (extents.length > 6) return wrong(`${extents.length} axes; movers take up to 6`);
  if (!extents.every((extent) => Number.isSafeInteger(extent) && extent >= 0))
    return wrong("an extent is not a whole number");
  if ("rows" in descriptor && descriptor.rows !== undefined && !(descriptor.rows in extents)) {
    return wrong(`rows names axis ${descriptor.rows} of ${extents.length}`);
  }
  if (descriptor.kind === "activate" && descriptor.activation.kind === "prelu" && !descriptor.slopes) {
    return wrong("prelu without strides of its slopes");
  }
  return undefined;
}

function wrong(reason: string): Refusal {
  return { code: "argument.descriptor", reason };
}
