import type { Heap } from "@leanconv/core";
import type { GemmProvider, Kernel, KernelCall } from "@leanconv/gemm";
import { referenceGemm } from "@leanconv/gemm";
import { guardArray, guardWord, wordsOf } from "../guard.ts";
import { randomFrom, type ValueKind, valueFrom } from "../random.ts";
import { runDefinition } from "./definition.ts";
import { type CaseOperand, describeCase, type KernelCase } from "./kernel-case.ts";

/** What a call left in the memory of the operand it writes. */
export interface Outcome {
  readonly target: Uint32Array;
  /** What else it did that it must not do; empty is good. */
  readonly violations: readonly string[];
}

/** For its plain packing, whatever the form of the provider under test is. */
const reference = referenceGemm();

/** Fills one operand as the case says: gaps with guard words, the rest with data. */
export function fillOperand(
  memory: Float32Array,
  at: number,
  operand: CaseOperand,
  seed: number,
  kind: ValueKind,
): void {
  const random = randomFrom(seed);
  const words = wordsOf(memory);
  for (let i = 0; i < operand.elements; i++) {
    const value = operand.used[i] === 2 ? 0 : valueFrom(random, kind);
    if (operand.used[i] === 0 || operand.access === "write") words[at + i] = guardWord;
    else memory[at + i] = value;
  }
}

/** The user's filter of a packed operand, in memory of its own. */
export function filterOf({ packed }: CaseOperand, seed: number, kind: ValueKind): Float32Array {
  const { used } = packed!;
  const filter = guardArray(used.length);
  const random = randomFrom(seed);
  for (let i = 0; i < used.length; i++) if (used[i] === 1) filter[i] = valueFrom(random, kind);
  return filter;
}

function newCall(kernelCase: KernelCase): KernelCall {
  return {
    ...{ a: 0, b: 0, c: 0, bias: 0, slopes: 0, source: 0, target: 0, values: 0 },
    ...{ rowBegin: kernelCase.rows[0], rowEnd: kernelCase.rows[1], scratch: 0, part: 0, parts: 1 },
  };
}

const isTarget = (operand: CaseOperand): boolean => operand.access !== "read";

/** What the case means: its target after the definition has run, in memory of its own. */
export function runByDefinition(kernelCase: KernelCase, panelWidth: number, kind: ValueKind): Uint32Array {
  const { operands, seed, descriptor } = kernelCase;
  const sizes = operands.map((o) => (o.packed ? reference.packedForm(o.packed.pack).bytes / 4 : o.elements));
  const memory = guardArray(sizes.reduce((sum, size) => sum + size, 0));
  const call = newCall(kernelCase);
  let at = 0;
  let target: Uint32Array = new Uint32Array(0);
  operands.forEach((operand, i) => {
    const { packed, role } = operand;
    if (packed) {
      const form = reference.packedForm(packed.pack);
      packInto(reference, operand, memory, at, filterOf(operand, seed + i, kind));
      call[role] = at + packed.batch * form.batchStride + packed.k * form.kStride;
    } else {
      fillOperand(memory, at, operand, seed + i, kind);
      call[role] = at + operand.origin;
      if (isTarget(operand)) target = wordsOf(memory.subarray(at, at + operand.elements));
    }
    at += sizes[i];
  });
  runDefinition(descriptor, memory, panelWidth, call);
  return target;
}

/** Packs into a piece of plain memory, which the reference provider takes for a region. */
function packInto(
  provider: GemmProvider,
  { packed }: CaseOperand,
  memory: Float32Array,
  at: number,
  filter: Float32Array,
  heap?: Heap,
): void {
  const { bytes } = provider.packedForm(packed!.pack);
  const float32 = memory.subarray(at, at + bytes / 4);
  const usable = heap ?? ({ provider: provider.name, assertUsable: () => {} } as unknown as Heap);
  const region = { name: "packed", heap: usable, byteOffset: float32.byteOffset, bytes, float32 };
  provider.pack(packed!.pack, filter, packed!.origin, region);
}

/**
 * Runs the case on a provider, at the very end of its heap: operands from the end downwards with guard words between
 * them, all gaps, the scratch and an unread target filled with guards. Looks at every word below them, too.
 */
export function runOnProvider(
  provider: GemmProvider,
  heap: Heap,
  kernelCase: KernelCase,
  kind: ValueKind,
  parts = 1,
): Outcome {
  const { descriptor, operands, seed, guard, last } = kernelCase;
  const violations: string[] = [];
  const mark = heap.mark();
  const footprint = provider.query(descriptor);
  const kernel: Kernel = provider.compile(descriptor, heap);
  const tableBytes = heap.usedBytes - mark;
  if (tableBytes > 0 && tableBytes > footprint.tableBytes + heap.alignBytes) {
    violations.push(`compile took ${tableBytes} bytes of the heap, query said ${footprint.tableBytes}`);
  }
  const memory = heap.float32;
  const words = wordsOf(memory);
  const alignElements = heap.alignBytes / 4;
  const scratchElements = footprint.scratchBytes / 4;
  const sizes = operands.map((o) => (o.packed ? provider.packedForm(o.packed.pack).bytes / 4 : o.elements));

  // From the end downwards, the chosen one first.
  const starts = new Array<number>(operands.length + 1).fill(0);
  let top = memory.length;
  for (let turn = 0; turn <= operands.length; turn++) {
    const i = (last + turn) % (operands.length + 1);
    const operand = operands[i];
    const align = operand === undefined || operand.aligned || operand.packed ? alignElements : 1;
    const start = top - (operand === undefined ? scratchElements : sizes[i]);
    starts[i] = start - (((start % align) + align) % align);
    top = starts[i] - guard;
  }
  const floor = Math.ceil(heap.usedBytes / 4);
  if (top < floor) throw new Error(`the test heap of ${heap.bytes} bytes is too small for ${describeCase(kernelCase)}`);
  const bottom = Math.max(floor, top - 64);
  words.fill(guardWord, bottom);

  const call = newCall(kernelCase);
  let targetIndex = 0;
  operands.forEach((operand, i) => {
    const { packed, role } = operand;
    if (packed) {
      const form = provider.packedForm(packed.pack);
      packInto(provider, operand, memory, starts[i], filterOf(operand, seed + i, kind), heap);
      call[role] = starts[i] + packed.batch * form.batchStride + packed.k * form.kStride;
    } else {
      fillOperand(memory, starts[i], operand, seed + i, kind);
      call[role] = starts[i] + operand.origin;
      if (isTarget(operand)) targetIndex = i;
    }
  });
  const scratch = starts[operands.length];
  call.scratch = scratch;
  const before = words.slice(bottom);
  checkPacked(kernelCase, starts, sizes, before, bottom, scratch, scratchElements, violations);

  for (let part = 0; part < parts; part++) {
    words.fill(guardWord, scratch, scratch + scratchElements);
    call.part = part;
    call.parts = parts;
    kernel.run(call);
  }

  const start = starts[targetIndex];
  const end = start + sizes[targetIndex];
  for (let i = bottom; i < words.length; i++) {
    if (words[i] === before[i - bottom] || (i >= start && i < end)) continue;
    if (i >= scratch && i < scratch + scratchElements) continue;
    violations.push(`element ${i} of the heap was written: ${place(i, kernelCase, starts, sizes, scratchElements)}`);
    break;
  }
  const target = words.slice(start, end);
  heap.release(mark);
  return { target, violations };
}

/** Packing must stay inside of its region. */
function checkPacked(
  kernelCase: KernelCase,
  starts: readonly number[],
  sizes: readonly number[],
  words: Uint32Array,
  bottom: number,
  scratch: number,
  scratchElements: number,
  violations: string[],
): void {
  const inside = (i: number): boolean =>
    starts.some((start, s) => i >= start && i < start + (s < sizes.length ? sizes[s] : scratchElements)) ||
    (i >= scratch && i < scratch + scratchElements);
  for (let i = 0; i < words.length; i++) {
    if (words[i] === guardWord || inside(bottom + i)) continue;
    violations.push(`pack wrote ${place(bottom + i, kernelCase, starts, sizes, scratchElements)}`);
    return;
  }
}

/** Where an element lies, in words. */
function place(
  at: number,
  { operands }: KernelCase,
  starts: readonly number[],
  sizes: readonly number[],
  scratchElements: number,
): string {
  const names = [...operands.map((operand) => operand.role as string), "scratch"];
  const spans = names.map((name, i) => ({
    name,
    start: starts[i],
    size: i < sizes.length ? sizes[i] : scratchElements,
  }));
  const within = spans.find(({ start, size }) => at >= start && at < start + size);
  if (within) return `element ${at - within.start} of ${within.name}`;
  const below = spans.filter(({ start, size }) => start + size <= at).sort((x, y) => y.start - x.start)[0];
  return below ? `${at - below.start - below.size} elements behind the end of ${below.name}` : "below all operands";
}
