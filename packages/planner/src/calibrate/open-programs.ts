import { type Heap, heapBytes, type Region } from "@leanconv/core";
import {
  type Executable,
  type GemmProvider,
  type PackDescriptor,
  type Program,
  packExtent,
  workspaceNeeds,
} from "@leanconv/gemm";

/** Programs with memory to be timed in. What they compute is of no interest. */
export interface OpenPrograms extends Disposable {
  readonly executables: readonly Executable[];
}

/** What all operands of one name need together, in elements from their origin. */
interface Reach {
  low: number;
  high: number;
}

/**
 * Gives all programs one heap: operands of one name share their memory, constants of one form are packed once, and the
 * workspace is that of the program that needs most. Allocates the heap.
 * @throws `resource.out-of-memory`, the codes of `provider.bind`
 */
export async function openPrograms(
  programs: readonly Program[],
  provider: GemmProvider,
  threads: number,
): Promise<OpenPrograms> {
  const packs = new Map<string, PackDescriptor>();
  const reaches = new Map<string, Reach>();
  let workspaceBytes = 0;
  const tables: number[] = [];
  for (const program of programs) {
    for (const { name, pack, extent } of program.operands) {
      if (pack) packs.set(JSON.stringify(pack), pack);
      else reaches.set(name, widened(reaches.get(name), extent ?? [0, 0]));
    }
    workspaceBytes = Math.max(workspaceBytes, workspaceNeeds(program, provider, threads).workspaceBytes);
    tables.push(...program.kernels.map((kernel) => provider.query(kernel).tableBytes));
  }
  const packed = [...packs.values()].map((pack) => provider.packedForm(pack).bytes);
  const places = [...reaches.values()].map(({ low, high }) => 4 * (high - low));
  const sizes = [...packed, ...places, workspaceBytes, ...tables];
  const heap = await provider.createHeap(heapBytes(sizes, provider.capabilities));
  try {
    const source = sourceOf(packs.values());
    const constants = new Map([...packs].map(([key, pack]) => [key, packedConstant(pack, source, provider, heap)]));
    const operands = new Map([...reaches].map(([name, reach]) => [name, filled(heap, reach, name)]));
    const workspace = heap.allocate(workspaceBytes, "workspace");
    const executables = programs.map((program) =>
      provider.bind(program, {
        ...{ heap, workspace, threads },
        operands: Object.fromEntries(
          program.operands.map(({ name, pack }) => {
            const constant = pack && constants.get(JSON.stringify(pack));
            const place = constant ? { data: constant.float32, offset: 0 } : operands.get(name);
            return [name, place as { data: Float32Array; offset: number }];
          }),
        ),
      }),
    );
    return { executables, [Symbol.dispose]: () => heap.dispose() };
  } catch (error) {
    heap.dispose();
    throw error;
  }
}

function widened(reach: Reach | undefined, [low, high]: readonly [number, number]): Reach {
  return { low: Math.min(low, reach?.low ?? 0), high: Math.max(high, reach?.high ?? 0) };
}

/** Small numbers whose sums stay small, so that no product runs into slow tiny ones. */
function fill(target: Float32Array): Float32Array {
  const some = Math.min(7 * 512, target.length);
  for (let i = 0; i < some; i++) target[i] = ((i % 7) - 3) / 8;
  // Tens of megabytes are to be filled, in a time that is better spent on measuring.
  for (let done = some; done < target.length; done *= 2) target.copyWithin(done, 0, done);
  return target;
}

function filled(heap: Heap, { low, high }: Reach, name: string): { data: Float32Array; offset: number } {
  return { data: fill(heap.allocate(4 * (high - low), name).float32), offset: -low };
}

/** What all constants are packed from. */
function sourceOf(packs: Iterable<PackDescriptor>): Float32Array {
  let elements = 0;
  for (const pack of packs) {
    const [first, end] = packExtent(pack);
    elements = Math.max(elements, end - first);
  }
  return fill(new Float32Array(elements));
}

function packedConstant(pack: PackDescriptor, source: Float32Array, provider: GemmProvider, heap: Heap): Region {
  const region = heap.allocate(provider.packedForm(pack).bytes, "constant");
  const [first, end] = packExtent(pack);
  provider.pack(pack, source.subarray(0, end - first), -first, region);
  return region;
}
