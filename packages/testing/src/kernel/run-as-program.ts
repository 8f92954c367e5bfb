import type { Heap } from "@leanconv/core";
import {
  type Address,
  type GemmProvider,
  type Operand,
  type Places,
  type Program,
  serial,
  workspaceNeeds,
} from "@leanconv/gemm";
import { guardWord, wordsOf } from "../guard.ts";
import type { CaseOperand, KernelCase } from "./kernel-case.ts";
import { fillOperand, filterOf } from "./run-case.ts";

/** Runs a GEMM case on integers as a program of one step, bound by the provider; returns its target's words. */
export function runAsProgram(provider: GemmProvider, heap: Heap, kernelCase: KernelCase, threads: number): Uint32Array {
  const { operands, seed } = kernelCase;
  const program = programOf(kernelCase, provider.capabilities.panelWidth);
  const mark = heap.mark();
  const bound: Record<string, { data: Float32Array; offset: number }> = {};
  operands.forEach((operand, i) => {
    const { packed, role, elements } = operand;
    const bytes = packed ? provider.packedForm(packed.pack).bytes : 4 * elements;
    const region = heap.allocate(bytes, role);
    if (packed) provider.pack(packed.pack, filterOf(operand, seed + i, "integers"), packed.origin, region);
    else fillOperand(region.float32, 0, operand, seed + i, "integers");
    bound[role] = { data: region.float32, offset: 0 };
  });
  const workspace = heap.allocate(workspaceNeeds(program, provider, threads).workspaceBytes, "workspace");
  wordsOf(workspace.float32).fill(guardWord);
  provider.bind(program, { heap, operands: bound, workspace, threads }).run();
  const words = wordsOf(bound.c.data).slice();
  heap.release(mark);
  return words;
}

/** One step whose operands are called after their roles. */
function programOf({ descriptor, operands, rows }: KernelCase, panelWidth: number): Program {
  const declared = operands.map(
    ({ role, access, elements, packed }): Operand => ({
      name: role,
      access: access === "update" ? "read-write" : access,
      ...(packed ? { pack: packed.pack } : { extent: [0, elements] }),
    }),
  );
  const at: Places = Object.fromEntries(operands.map((operand) => [operand.role, addressOf(operand, panelWidth)]));
  const range = { begin: { at: rows[0] }, count: rows[1] - rows[0], limit: rows[1] };
  return { operands: declared, slots: [], kernels: [descriptor], body: [serial({ kernel: 0, at, rows: range })] };
}

function addressOf({ role, origin, packed, aligned }: CaseOperand, panelWidth: number): Address {
  if (packed) return { of: role, at: packed.batch, k: { at: packed.k } };
  // Aligned operands are panels, entered in the middle of their depth.
  return aligned ? { of: role, at: 0, k: { at: origin / panelWidth } } : { of: role, at: origin };
}
