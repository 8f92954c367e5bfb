import { listLibraries, nativeGemm } from "@leanconv/gemm-native";
import { expect, test } from "vitest";
import {
  allAlgorithms,
  type CostModel,
  type GemmProvider,
  imageView,
  isConvError,
  jsGemm,
  type NetworkPlan,
  openNetwork,
  paretoFront,
  parsePlan,
  planNetwork,
  reorder,
  type StridedView,
  wasmGemm,
} from "../src/index.ts";
import { integers } from "./oracle.ts";
import { constantsOf, randomNetwork, tensorsOf } from "./random-network.ts";

/** Prices without sense, so that plans take every algorithm, form and layout in turn, with the copies between them. */
function whim(seed: number): CostModel {
  return {
    name: "whim",
    seconds(_needs, _capabilities, candidate) {
      let state = seed;
      const text = candidate ? JSON.stringify([candidate.algorithm, candidate.variant]) : "copy";
      for (const letter of text) state = (Math.imul(state ^ letter.charCodeAt(0), 16777619) + 1) >>> 0;
      return state / 2 ** 32;
    },
  };
}

/** Runs a plan in an arena that holds nothing but NaN, and sees that nothing else of the heap is changed. */
async function runs(plan: NetworkPlan, provider: GemmProvider, what: string): Promise<void> {
  const [{ name, shape }] = plan.graph.nodes as readonly { readonly name: string; readonly shape: readonly number[] }[];
  const data = imageView(
    integers(
      shape.reduce((a, b) => a * b),
      1,
    ),
    shape,
  );
  const wanted = tensorsOf(plan.graph, data);
  const network = await openNetwork(plan, { provider, constants: constantsOf });
  try {
    expect([network.heapBytes, network.highWaterBytes], what).toEqual([plan.memory.heapBytes, plan.memory.usedBytes]);
    const { buffer } = network.inputs[name].data;
    const { providerBytes, packedBytes, arenaBytes, usedBytes } = plan.memory;
    const arena = new Float32Array(buffer, providerBytes + packedBytes, arenaBytes / 4).fill(Number.NaN);
    // Constants, tables and what is left of the last page; a provider's own is its own.
    const kept = [
      new Uint8Array(buffer, providerBytes, packedBytes),
      new Uint8Array(
        buffer,
        providerBytes + packedBytes + arenaBytes,
        usedBytes - providerBytes - packedBytes - arenaBytes,
      ),
      new Uint8Array(buffer, usedBytes).fill(0xa5),
    ];
    const before = kept.map((bytes) => bytes.slice());
    reorder(data, network.inputs[name]);
    network.run();
    for (const [output, view] of Object.entries(network.outputs)) {
      expect(plainValues(view), `${what}, ${output}`).toEqual(plainValues(wanted.get(output) as StridedView));
    }
    expect(
      kept.every((bytes, at) => Buffer.compare(bytes, before[at]) === 0),
      what,
    ).toBe(true);
    // Gaps between buffers are nobody's.
    const owned = new Uint8Array(arena.length);
    for (const { steps, offsetBytes, bytes } of plan.buffers) {
      const first = (offsetBytes - providerBytes - packedBytes) / 4;
      if (steps) owned.fill(1, first, first + bytes / 4);
    }
    expect(
      arena.every((value, at) => owned[at] === 1 || Number.isNaN(value)),
      what,
    ).toBe(true);
    expect(network.highWaterBytes, what).toBe(usedBytes);
  } finally {
    network.dispose();
  }
}

function plainValues(view: StridedView): readonly number[] {
  const dense = imageView(new Float32Array(view.shape.reduce((a, b) => a * b)), view.shape);
  reorder(view, dense);
  // Without -0.
  return Array.from(dense.data, (value) => value + 0);
}

const hasLibrary = (await listLibraries()).some((library) => !("problem" in library));
const providers: readonly (readonly [
  name: string,
  graphs: number,
  open: () => GemmProvider | Promise<GemmProvider>,
])[] = [
  ["js", 60, () => jsGemm()],
  ["wasm", 60, () => wasmGemm()],
  ["wasm with two threads", 40, () => wasmGemm({ threads: 2 })],
  ...(hasLibrary ? [["native", 30, () => nativeGemm()] as const] : []),
];
if (!hasLibrary) test.skip("native: there is no library here", () => {});

test.each(providers)(
  "every plan of every front runs in exactly the bytes it declares, and a byte less than the least is refused, on %s",
  async (_, graphs, open) => {
    const provider = await open();
    const { threads, outside } = provider.capabilities;
    const chosen = new Set<string>();
    let proven = 0;
    for (let seed = 1; seed <= graphs; seed++) {
      const graph = randomNetwork(seed);
      const options = { algorithms: allAlgorithms, provider, threads, model: whim(seed) };
      const { points, exact } = paretoFront(graph, options);
      for (const { plan, totalBytes } of points) {
        const read = parsePlan(JSON.stringify(plan)) as NetworkPlan;
        await runs(read, provider, `seed ${seed}, ${totalBytes} bytes`);
        if (outside !== undefined) expect(read.account().outside).toContain(outside);
        for (const node of read.nodes)
          if (node.chosen) chosen.add(`${node.chosen.algorithm} ${node.chosen.variant.form}`);
      }
      // Where a search for less was cut short nobody claims that there is none.
      if (!exact) continue;
      proven++;
      const least = points[points.length - 1].totalBytes;
      try {
        planNetwork(graph, { ...options, budgetBytes: least - 1 });
        expect.unreachable(`seed ${seed}: ${least - 1} bytes`);
      } catch (error) {
        if (!isConvError(error)) throw error;
        expect([error.code, error.details.smallestBytes], `seed ${seed}`).toEqual(["resource.over-budget", least]);
      }
    }
    expect(proven).toBeGreaterThan(0.9 * graphs);
    expect(chosen.size).toBeGreaterThan(12);
    provider.dispose();
  },
  120_000,
);
