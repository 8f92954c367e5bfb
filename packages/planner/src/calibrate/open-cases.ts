import { type Heap, heapBytes, type Region } from "@leanconv/core";
import {
  type Executable,
  type GemmProvider,
  type Operand,
  type PackDescriptor,
  type Program,
  type Role,
  serial,
  workspaceNeeds,
} from "@leanconv/gemm";
import type { Case, Place } from "./case.ts";

/** Cases with memory. */
export interface OpenCases extends Disposable {
  readonly executables: readonly Executable[];
}

const writes: readonly Role[] = ["c", "target"];

/**
 * Gives all cases one heap: what they read is the same for all, constants of one form are packed once. Allocates the
 * heap: the largest places, all constants, the largest workspace and all tables.
 * @throws `resource.out-of-memory`
 */
export async function openCases(cases: readonly Case[], provider: GemmProvider, threads: number): Promise<OpenCases> {
  const programs = cases.map((one) => programOf(one, provider));
  const packs = new Map<string, PackDescriptor>();
  const largest = { read: 0, written: 0, bias: 0, workspace: 0 };
  let tables = 0;
  cases.forEach((one, index) => {
    for (const [role, place] of entries(one)) {
      const bytes = placeBytes(place, provider);
      if ("pack" in place) packs.set(JSON.stringify(place.pack), place.pack);
      else if (role === "bias") largest.bias = Math.max(largest.bias, bytes);
      else if (writes.includes(role)) largest.written = Math.max(largest.written, bytes);
      else largest.read = Math.max(largest.read, bytes);
    }
    const needs = workspaceNeeds(programs[index], provider, threads);
    largest.workspace = Math.max(largest.workspace, needs.workspaceBytes);
    tables += needs.tableBytes + provider.capabilities.alignBytes;
  });
  const packed = [...packs.values()].map((pack) => provider.packedForm(pack).bytes);
  const heap = await provider.createHeap(
    heapBytes([...Object.values(largest), ...packed, tables], provider.capabilities),
  );
  try {
    const read = filled(heap, largest.read, "read");
    const written = filled(heap, largest.written, "written");
    const bias = filled(heap, largest.bias, "bias");
    const workspace = heap.allocate(largest.workspace, "workspace");
    const constants = new Map([...packs].map(([key, pack]) => [key, packedConstant(pack, provider, heap)]));
    const executables = cases.map((one, index) => {
      const operands = entries(one).map(([role, place]) => {
        const region =
          "pack" in place
            ? (constants.get(JSON.stringify(place.pack)) as Region)
            : role === "bias"
              ? bias
              : writes.includes(role)
                ? written
                : read;
        return [role, { data: region.float32, offset: 0 }] as const;
      });
      return provider.bind(programs[index], { heap, operands: Object.fromEntries(operands), workspace, threads });
    });
    return { executables, [Symbol.dispose]: () => heap.dispose() };
  } catch (error) {
    heap.dispose();
    throw error;
  }
}

function entries({ places }: Case): readonly (readonly [Role, Place])[] {
  return Object.entries(places) as unknown as readonly (readonly [Role, Place])[];
}

function programOf(one: Case, provider: GemmProvider): Program {
  const operands = entries(one).map(([role, place]): Operand => {
    const access = writes.includes(role) ? "read-write" : "read";
    return "pack" in place
      ? { name: role, access, pack: place.pack }
      : { name: role, access, extent: [0, placeBytes(place, provider) / 4] };
  });
  const at = Object.fromEntries(operands.map(({ name }) => [name, { of: name, at: 0 }]));
  return { operands, slots: [], kernels: [one.descriptor], body: [serial({ kernel: 0, times: one.times, at })] };
}

function placeBytes(place: Place, provider: GemmProvider): number {
  if ("pack" in place) return provider.packedForm(place.pack).bytes;
  if ("panels" in place) return 4 * provider.panelElements(place.panels.depth, place.panels.columns);
  return 4 * place.elements;
}

/** Small numbers that are no zeros and whose sums stay small. */
function filled(heap: Heap, bytes: number, name: string): Region {
  const region = heap.allocate(bytes, name);
  for (let i = 0; i < region.float32.length; i++) region.float32[i] = ((i % 7) - 3) / 8;
  return region;
}

function packedConstant(pack: PackDescriptor, provider: GemmProvider, heap: Heap): Region {
  const region = heap.allocate(provider.packedForm(pack).bytes, "constant");
  const size = [...pack.batch, ...pack.rows, ...pack.k].reduce(
    (last, [extent, stride]) => last + (extent - 1) * stride,
    1,
  );
  const source = Float32Array.from({ length: size }, (_, i) => ((i % 5) - 2) / 8);
  provider.pack(pack, source, 0, region);
  return region;
}
