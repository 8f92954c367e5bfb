import {
  bindConv2d,
  type ConvAlgorithm,
  type ConvProgram,
  formatProblem,
  prepareWeights,
  type Requirements,
  requirements,
  strideExtent,
  type Variant,
  type Views,
} from "@leanconv/conv";
import { type Heap, placeSlots, type Region, roundUp } from "@leanconv/core";
import { type GemmProvider, workspaceNeeds } from "@leanconv/gemm";
import type { ImageStrides, StridedView } from "@leanconv/tensor";
import { guardWord, wordsOf } from "../guard.ts";
import type { ConvData } from "./conv-data.ts";

/** How one variant is run. */
export interface ConvSetup {
  readonly algorithm: ConvAlgorithm;
  readonly variant: Variant;
  readonly provider: GemmProvider;
  readonly heap: Heap;
  readonly data: ConvData;
  readonly views?: Views;
  readonly threads?: number;
  readonly parts?: number;
  /** Which of input, output and workspace ends with the heap. */
  readonly last: number;
  /** How often it runs; the workspace is spoilt in between. */
  readonly times?: number;
}

export interface ConvOutcome {
  readonly program: ConvProgram;
  readonly needs: Requirements;
  /** Logical elements, dense nchw. */
  readonly output: Float32Array;
  /** What it must not have done; empty is good. */
  readonly violations: readonly string[];
  /** Elements of every slot that were written, by name, of the first thread's copy. */
  readonly touched: Readonly<Record<string, number>>;
  /** What `run` threw. */
  readonly failure?: unknown;
}

/** Words between tensors, odd so that they start at odd elements. */
const guard = 7;

/**
 * Runs a variant in a heap where input, output and workspace lie at the very end with guard words around them; gaps,
 * workspace and output start as NaN. Looks at every word afterwards.
 */
export function runConv(setup: ConvSetup): ConvOutcome {
  const { algorithm, variant, provider, heap, data, threads = 1, parts, last, times = 1 } = setup;
  const { problem, constants } = data;
  const mark = heap.mark();
  try {
    const program = algorithm.program(problem, variant, provider, setup.views);
    const needs = requirements(program, provider, threads);
    const memory = heap.float32;
    const words = wordsOf(memory);
    const prepared = prepareWeights(program, provider, heap, constants);
    const weightsEnd = heap.usedBytes / 4;

    const { n, ic, ih, iw, oc, oh, ow } = problem;
    const inputExtent = strideExtent(program.views.input, n, ic, ih, iw);
    const outputExtent = strideExtent(program.views.output, n, oc, oh, ow);
    const sizes = [inputExtent[1] - inputExtent[0], outputExtent[1] - outputExtent[0], needs.workspaceBytes / 4];
    const starts = [0, 0, 0];
    let top = memory.length;
    for (let turn = 0; turn < 3; turn++) {
      const i = (last + turn) % 3;
      const align = i === 2 ? heap.alignBytes / 4 : 1;
      starts[i] = Math.floor((top - sizes[i]) / align) * align;
      top = starts[i] - guard;
    }
    const bottom = top - 16;
    const tables = needs.tableBytes + program.kernels.length * heap.alignBytes;
    if (bottom * 4 < heap.usedBytes + tables) {
      throw new Error(`the test heap of ${heap.bytes} bytes is too small for ${formatProblem(problem)}`);
    }
    words.fill(guardWord, bottom);

    const view = (at: number, extent: readonly [number, number], shape: readonly number[], s: ImageStrides) => ({
      ...{ data: memory.subarray(at, at + extent[1] - extent[0]), shape, stride: [s.n, s.c, s.h, s.w] },
      offset: -extent[0],
    });
    const input: StridedView = view(starts[0], inputExtent, [n, ic, ih, iw], program.views.input);
    const output: StridedView = view(starts[1], outputExtent, [n, oc, oh, ow], program.views.output);
    forEachElement(input, (at, i) => {
      input.data[at] = data.input[i];
    });
    const workspace: Region = {
      ...{ name: "workspace", heap, byteOffset: starts[2] * 4, bytes: needs.workspaceBytes },
      float32: memory.subarray(starts[2], starts[2] + sizes[2]),
    };
    const bound = bindConv2d(program, provider, prepared, {
      ...{ input, output, threads, exclusiveInput: true },
      ...(needs.workspaceBytes > 0 && { workspace }),
      ...(parts !== undefined && { parts }),
    });

    const violations: string[] = [];
    if (heap.usedBytes > roundUp(weightsEnd * 4, heap.alignBytes) + tables) {
      violations.push(`binding took ${heap.usedBytes - weightsEnd * 4} bytes of the heap, not ${needs.tableBytes}`);
    }
    const watched = [
      // Below are the provider's own: its threads meet there.
      [roundUp(heap.reservedBytes, heap.alignBytes) / 4, weightsEnd],
      [bottom, words.length],
    ] as const;
    const before = watched.map(([begin, end]) => words.slice(begin, end));
    let failure: unknown;
    const got = new Float32Array(data.want.length);
    let touched: Record<string, number> = {};
    for (let time = 0; time < times && failure === undefined; time++) {
      wordsOf(workspace.float32).fill(guardWord);
      wordsOf(output.data).fill(guardWord);
      try {
        bound.run();
      } catch (error) {
        failure = error;
      }
      const first = got.slice();
      forEachElement(output, (at, i) => {
        got[i] = output.data[at];
      });
      if (time > 0 && !sameWords(first, got)) violations.push(`run ${time + 1} differs from the one before`);
      touched = touchedElements(program, provider, threads, workspace, violations);
    }
    forEachElement(output, (at) => {
      words[starts[1] + at] = guardWord;
    });
    words.fill(guardWord, starts[2], starts[2] + sizes[2]);
    const changed = watched.map(([begin], i) => firstChange(words, begin, before[i])).find((at) => at !== undefined);
    if (changed !== undefined) violations.push(`wrote ${placeOf(changed, starts, sizes, weightsEnd)}`);
    return { program, needs, output: got, violations, touched, ...(failure !== undefined && { failure }) };
  } finally {
    heap.release(mark);
  }
}

/** Calls `visit` with the place of every element in the view's data, in logical order. */
function forEachElement(view: StridedView, visit: (at: number, index: number) => void): void {
  const [n, c, h, w] = view.shape;
  const [sn, sc, sh, sw] = view.stride;
  let index = 0;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < c; j++) {
      for (let y = 0; y < h; y++) {
        for (let x = 0; x < w; x++) visit(view.offset + i * sn + j * sc + y * sh + x * sw, index++);
      }
    }
  }
}

/** Elements written in each slot; a word written between the slots is a violation. */
function touchedElements(
  program: ConvProgram,
  provider: GemmProvider,
  threads: number,
  workspace: Region,
  violations: string[],
): Record<string, number> {
  const words = wordsOf(workspace.float32);
  const owned = new Uint8Array(words.length);
  const touched: Record<string, number> = {};
  for (const slot of placeSlots(program.slots, threads, provider.capabilities.alignBytes).slots) {
    for (let copy = 0; copy < (slot.perThread ? threads : 1); copy++) {
      const start = (slot.byteOffset + copy * slot.strideBytes) / 4;
      owned.fill(1, start, start + slot.elements);
      if (copy > 0) continue;
      touched[slot.name] = words.subarray(start, start + slot.elements).filter((word) => word !== guardWord).length;
    }
  }
  const { scratchBytes, scratchOffsetBytes, scratchStrideBytes } = workspaceNeeds(program, provider, threads);
  for (let thread = 0; thread < threads; thread++) {
    const start = (scratchOffsetBytes + thread * scratchStrideBytes) / 4;
    owned.fill(1, start, start + scratchBytes / 4);
  }
  const gap = words.findIndex((word, i) => word !== guardWord && owned[i] === 0);
  if (gap >= 0) violations.push(`wrote element ${gap} of the workspace, which is in no slot`);
  return touched;
}

function sameWords(a: Float32Array, b: Float32Array): boolean {
  const words = wordsOf(b);
  return wordsOf(a).every((word, i) => word === words[i]);
}

function firstChange(words: Uint32Array, begin: number, before: Uint32Array): number | undefined {
  for (let i = 0; i < before.length; i++) if (words[begin + i] !== before[i]) return begin + i;
  return undefined;
}

function placeOf(at: number, starts: readonly number[], sizes: readonly number[], weightsEnd: number): string {
  if (at < weightsEnd) return "the packed weights";
  for (const [i, name] of ["input", "output", "workspace"].entries()) {
    if (at >= starts[i] && at < starts[i] + sizes[i]) return `element ${at - starts[i]} of the memory of the ${name}`;
    if (at >= starts[i] + sizes[i] && at < starts[i] + sizes[i] + guard) return `behind the end of the ${name}`;
  }
  return `below the start of a tensor (element ${at} of the heap)`;
}
