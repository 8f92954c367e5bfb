import { type ConvAlgorithm, type ConvNode, type GraphNode, packDescriptor } from "@leanconv/conv";
import { roundUp } from "@leanconv/core";
import type { GemmProvider } from "@leanconv/gemm";
import { chosenProgram } from "../chosen-program.ts";
import type { RatedCandidate } from "../plan.ts";
import type { Total } from "../select/total.ts";
import type { PlannedBuffer, PlannedMemory } from "./network-plan.ts";

export interface LaidOut {
  readonly buffers: readonly PlannedBuffer[];
  readonly memory: PlannedMemory;
  readonly steps: readonly string[];
}

/** What a layout of the heap is made from. */
export interface ToLayOut {
  readonly nodes: readonly GraphNode[];
  /** Of convolutions. */
  readonly chosen: readonly (RatedCandidate | undefined)[];
  readonly total: Total;
  readonly provider: GemmProvider;
  readonly algorithms: readonly ConvAlgorithm[];
}

/**
 * The heap as it will be filled: the provider's own, then the constants of every convolution in the order of the nodes,
 * the arena, the tables of all kernels, and what is left of the last page.
 */
export function layOut({ nodes, chosen, total, provider, algorithms }: ToLayOut): LaidOut {
  const { alignBytes, reservedBytes } = provider.capabilities;
  const buffers: PlannedBuffer[] = [];
  let top = 0;
  const put = (kind: PlannedBuffer["kind"], name: string, bytes: number): void => {
    const rounded = roundUp(bytes, alignBytes);
    if (rounded > 0) buffers.push({ kind, name, offsetBytes: top, bytes: rounded });
    top += rounded;
  };
  put("provider", provider.name, reservedBytes);
  const providerBytes = top;
  nodes.forEach((node, place) => {
    const candidate = chosen[place];
    if (node.kind !== "conv" || candidate === undefined) return;
    for (const [kind, bytes] of constantsOf(node, candidate, provider, algorithms)) put(kind, node.name, bytes);
  });
  const packedBytes = top - providerBytes;
  const { steps, stepOf } = stepNames(nodes, total);
  const { lifetimes, arena } = total;
  const shared = sharers(nodes, total);
  lifetimes.buffers.forEach(({ kind, node, input, bytes, begin, end }, at) => {
    const read = nodes[node];
    const source = kind === "copy" && read.kind !== "input" ? read.inputs[input as number] : undefined;
    const others = shared.get(at);
    buffers.push({
      kind,
      name: source === undefined ? read.name : `${source} for ${read.name}`,
      node,
      ...(input !== undefined && { input }),
      offsetBytes: top + arena.offsets[at],
      bytes,
      steps: [stepOf(begin), stepOf(end)],
      ...(others && { shared: others }),
    });
  });
  top += arena.bytes;
  const tableBytes = total.usedBytes - top;
  if (tableBytes > 0) put("tables", "of all kernels", tableBytes);
  if (total.heapBytes > top)
    buffers.push({ kind: "page", name: "rest of the last page", offsetBytes: top, bytes: total.heapBytes - top });
  return {
    buffers,
    steps,
    memory: {
      ...{ providerBytes, packedBytes, tableBytes, arenaBytes: arena.bytes, aliveBytes: arena.lowerBoundBytes },
      ...{ usedBytes: total.usedBytes, heapBytes: total.heapBytes },
      ...{ outsideBytes: provider.capabilities.outsideBytes, totalBytes: total.bytes },
    },
  };
}

/** The constants of a convolution in the order in which `prepareWeights` puts them into a heap. */
function constantsOf(
  { problem }: ConvNode,
  chosen: RatedCandidate,
  provider: GemmProvider,
  algorithms: readonly ConvAlgorithm[],
): readonly (readonly ["weights" | "bias" | "slopes", number])[] {
  const program = chosenProgram({ problem, chosen }, algorithms, provider);
  const pack = packDescriptor(problem, program.weights, chosen.variant.outputLayout);
  return [
    ["weights", provider.packedForm(pack).bytes],
    ...(problem.bias ? [["bias", 4 * problem.oc] as const] : []),
    ...(problem.activation?.kind === "prelu" ? [["slopes", 4 * problem.oc] as const] : []),
  ];
}

/** Steps are the nodes and the copies that are made, in the order in which they happen. */
function stepNames(
  nodes: readonly GraphNode[],
  { lifetimes: { times, buffers } }: Total,
): { readonly steps: readonly string[]; stepOf(time: number): number } {
  const named = new Map<number, string>(times.map((time, node) => [time, nodes[node].name]));
  for (const { kind, node, input, begin } of buffers) {
    const read = nodes[node];
    if (kind === "copy" && read.kind !== "input")
      named.set(begin, `copy ${read.inputs[input as number]} for ${read.name}`);
  }
  const sorted = [...named].sort(([a], [b]) => a - b);
  const steps = new Map(sorted.map(([time], step) => [time, step]));
  return { steps: sorted.map(([, name]) => name), stepOf: (time) => steps.get(time) as number };
}

/** By buffer, the nodes whose tensor takes the place of the first one's, or of a copy. */
function sharers(nodes: readonly GraphNode[], { lifetimes }: Total): ReadonlyMap<number, readonly string[]> {
  const by = new Map<number, string[]>();
  lifetimes.outputs.forEach((buffer, node) => {
    const owner = lifetimes.buffers[buffer];
    if (owner.kind === "tensor" && owner.node === node) return;
    by.set(buffer, [...(by.get(buffer) ?? []), nodes[node].name]);
  });
  return by;
}
