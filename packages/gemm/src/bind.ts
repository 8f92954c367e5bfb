import { convError, type Heap, placeSlots, type Region } from "@leanconv/core";
import { checkProgramExtents } from "./extent.ts";
import { BoundProgram } from "./interpreter.ts";
import type { Resolved } from "./link.ts";
import type { Program } from "./program.ts";
import type { GemmProvider, Kernel } from "./provider.ts";
import type { RunAsyncOptions } from "./run-async.ts";

/** Memory for a program: every operand in one heap, and the workspace. */
export interface ProgramBinding {
  readonly heap: Heap;
  /** By operand name: an array over the heap's memory and the element of it that is the operand's origin. */
  readonly operands: Readonly<Record<string, { readonly data: Float32Array; readonly offset: number }>>;
  /** At least `workspaceBytes` of the requirements; absent when nothing is needed. */
  readonly workspace?: Region;
  /** Threads to use, at most the provider's; default 1. */
  readonly threads?: number;
  /** Shares to divide every phase into, computed one after the other by few threads; default `threads`. For tests. */
  readonly parts?: number;
}

/** A program with memory, which may be run any number of times. */
export interface Executable {
  /**
   * Allocates nothing.
   * @throws `state.disposed` where the provider or the heap was, `state.detached`, `state.busy` while `runAsync` is not done, `provider.failed` where a thread of the provider fails
   */
  run(): void;
  /**
   * The same without blocking the caller's thread: on the provider's other threads where it has any, else in slices
   * between which the event loop gets its turn. Operands and workspace must be left alone until it is done.
   */
  runAsync(options?: RunAsyncOptions): Promise<void>;
}

export interface WorkspaceNeeds {
  readonly slotBytes: number;
  /** Of one thread. */
  readonly scratchBytes: number;
  /** Slots, then the scratch of every thread. */
  readonly workspaceBytes: number;
  readonly scratchOffsetBytes: number;
  readonly scratchStrideBytes: number;
  readonly tableBytes: number;
}

/** The workspace of a program on a provider: its slots, then one scratch for every thread. Pure. */
export function workspaceNeeds(program: Program, provider: GemmProvider, threads = 1): WorkspaceNeeds {
  const { alignBytes } = provider.capabilities;
  let scratchBytes = 0;
  let tableBytes = 0;
  for (const kernel of program.kernels) {
    const footprint = provider.query(kernel);
    scratchBytes = Math.max(scratchBytes, footprint.scratchBytes);
    tableBytes += footprint.tableBytes;
  }
  const slots = placeSlots(program.slots, threads, alignBytes);
  const scratch = placeSlots(
    [
      { name: "slots", elements: slots.bytes / 4 },
      { name: "scratch", elements: scratchBytes / 4, perThread: true },
    ],
    threads,
    alignBytes,
  );
  const placed = scratch.slots[1];
  return {
    slotBytes: slots.bytes,
    scratchBytes,
    workspaceBytes: scratchBytes === 0 ? slots.bytes : scratch.bytes,
    scratchOffsetBytes: placed.byteOffset,
    scratchStrideBytes: placed.strideBytes,
    tableBytes,
  };
}

/**
 * Checks memory against a program and resolves every offset. Allocates small objects and whatever the kernels' tables
 * need in the heap.
 * @throws `state.wrong-memory`, `state.disposed`, `state.detached`, `resource.workspace-too-small`,
 * `resource.misaligned`, `resource.out-of-memory` (no room for tables), `argument.shape` (an operand too small), `argument.descriptor`, the code with which the provider
 * refuses a kernel
 */
export function bindProgram(program: Program, provider: GemmProvider, binding: ProgramBinding): BoundProgram {
  return new BoundProgram(program, provider, resolveProgram(program, provider, binding));
}

/** The checks and offsets of `bindProgram`, for providers that execute programs in another way. */
export function resolveProgram(program: Program, provider: GemmProvider, binding: ProgramBinding): Resolved {
  const where = `bind (${provider.name})`;
  const { heap, workspace } = binding;
  if (provider.disposed) throw convError("state.disposed", { where, what: "the provider was disposed" });
  heap.assertUsable(where);
  if (heap.provider !== provider.name) {
    throw convError("state.wrong-memory", {
      where,
      what: "a heap of another provider",
      got: heap.provider,
      wanted: provider.name,
      fix: "create the heap with this provider",
    });
  }
  const threads = binding.threads ?? 1;
  if (!Number.isInteger(threads) || threads < 1) {
    throw convError("argument.range", { where, what: "threads must be a whole number of at least 1", got: threads });
  }
  const offsets = new Map<string, number>();
  for (const operand of program.operands) {
    const bound = binding.operands[operand.name];
    if (bound === undefined) {
      throw convError("argument.shape", { where, what: `operand "${operand.name}" is missing` });
    }
    if (bound.data.buffer !== heap.buffer) {
      throw convError("state.wrong-memory", {
        where: `${where}, operand "${operand.name}"`,
        what: "memory outside of the heap, which the provider cannot address",
        fix: "allocate the tensor in the heap, or copy it there with stage()",
      });
    }
    const [low, high] = operand.pack ? [0, provider.packedForm(operand.pack).bytes / 4] : (operand.extent ?? [0, 0]);
    if (high > low && (bound.offset + low < 0 || bound.offset + high > bound.data.length)) {
      throw convError("argument.shape", {
        where: `${where}, operand "${operand.name}"`,
        what: "the array is too small",
        got: `${bound.data.length} elements at offset ${bound.offset}`,
        wanted: `elements ${bound.offset + low} to ${bound.offset + high}`,
      });
    }
    offsets.set(operand.name, bound.data.byteOffset / 4 + bound.offset);
  }
  const needs = workspaceNeeds(program, provider, threads);
  const workspaceOffset = checkWorkspace(where, heap, workspace, needs.workspaceBytes);
  for (const descriptor of program.kernels) {
    const refusal = provider.refuses(descriptor);
    if (refusal) throw convError(refusal.code, { where, what: refusal.reason });
  }
  checkProgramExtents(program, provider, where);
  const slots = placeSlots(program.slots, threads, provider.capabilities.alignBytes).slots;
  const perThread = new Map<string, number>();
  for (const slot of slots) {
    offsets.set(slot.name, workspaceOffset + slot.byteOffset / 4);
    if (slot.strideBytes > 0) perThread.set(slot.name, slot.strideBytes / 4);
  }
  return {
    kernels: compileAll(program, provider, heap),
    heap,
    offsets,
    perThread,
    scratch: workspaceOffset + needs.scratchOffsetBytes / 4,
    scratchStride: needs.scratchStrideBytes / 4,
    threads,
    parts: binding.parts,
  };
}

/** All kernels, or none of their tables stay in the heap. */
function compileAll(program: Program, provider: GemmProvider, heap: Heap): readonly Kernel[] {
  const mark = heap.mark();
  try {
    return program.kernels.map((descriptor) => provider.compile(descriptor, heap));
  } catch (error) {
    heap.release(mark);
    throw error;
  }
}

/** Element offset of the workspace from the start of the heap. */
function checkWorkspace(where: string, heap: Heap, workspace: Region | undefined, bytes: number): number {
  if (workspace === undefined) {
    if (bytes === 0) return 0;
    throw convError("resource.workspace-too-small", { where, what: "no workspace", wanted: `${bytes} bytes` });
  }
  if (workspace.heap !== heap) {
    throw convError("state.wrong-memory", { where, what: "the workspace is a region of another heap" });
  }
  if (workspace.bytes < bytes) {
    throw convError("resource.workspace-too-small", {
      where,
      what: "the workspace is too small",
      got: `${workspace.bytes} bytes`,
      wanted: `${bytes} bytes`,
      fix: "allocate the bytes that the requirements declare",
      details: { gotBytes: workspace.bytes, wantedBytes: bytes },
    });
  }
  if (workspace.byteOffset % heap.alignBytes !== 0) {
    throw convError("resource.misaligned", {
      where,
      what: "the workspace does not start at the provider's alignment",
      got: workspace.byteOffset,
      wanted: `a multiple of ${heap.alignBytes}`,
    });
  }
  return workspace.byteOffset / 4;
}
