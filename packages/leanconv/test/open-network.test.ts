import { expect, test } from "vitest";
import {
  allAlgorithms,
  directConv2d,
  filterView,
  type GemmProvider,
  graphOfLayers,
  type ImageLayout,
  imageView,
  isConvError,
  jsGemm,
  type NetworkGraph,
  networkGraph,
  networkGraphNames,
  openNetwork,
  paretoFront,
  parsePlan,
  parseProblem,
  planNetwork,
  referenceGemm,
  reorder,
  type StridedView,
  wasmGemm,
} from "../src/index.ts";
import { integers } from "./oracle.ts";

const conv = (name: string, input: string, problem: string) =>
  ({ kind: "conv", name, inputs: [input], problem: parseProblem(problem) }) as const;

/** Every kind of node; the custom one doubles, the first sum is in place, the second is not. */
const graph: NetworkGraph = {
  nodes: [
    { kind: "input", name: "data", shape: [1, 3, 19, 17] },
    { kind: "input", name: "bias map", shape: [1, 8, 9, 8] },
    conv("stem", "data", "ic3ih19iw17oc8kh3ph1+bias+relu"),
    { kind: "max-pool", name: "pool", inputs: ["stem"], kernel: [3, 3], strides: [2, 2] },
    { kind: "custom", name: "double", inputs: ["pool"], shape: [1, 8, 9, 8] },
    conv("left", "pool", "ic8ih9iw8oc8kh3ph1+bias"),
    { kind: "add", name: "sum", inputs: ["left", "double", "bias map"], activation: { kind: "relu" } },
    conv("narrow", "sum", "ic8ih9iw8oc6kh1+bias+relu6"),
    conv("wide", "sum", "ic8ih9iw8oc10kh5ph2+relu"),
    { kind: "concat", name: "both", inputs: ["narrow", "wide"] },
    { kind: "activation", name: "leaky", inputs: ["both"], activation: { kind: "leaky-relu", alpha: 0.5 } },
    { kind: "add", name: "twice", inputs: ["leaky", "leaky"] },
    conv("deep", "twice", "ic16ih9iw8oc16kh3ph1g16+bias"),
    { kind: "average-pool", name: "mean", inputs: ["deep"], kernel: [2, 2], strides: [1, 2] },
  ],
  outputs: ["mean", "sum"],
};

const constants = new Map(
  graph.nodes.flatMap((node, at) => {
    if (node.kind !== "conv") return [];
    const { oc, ic, groups, kh, kw, bias } = node.problem;
    const shape = [oc, ic / groups, kh, kw];
    const filter = filterView(integers(oc * shape[1] * kh * kw, 100 + at), shape);
    return [[node.name, { filter, ...(bias && { bias: integers(oc, 200 + at) }) }] as const];
  }),
);
const constantsOf = ({ name }: { readonly name: string }) =>
  constants.get(name) as NonNullable<ReturnType<typeof constants.get>>;
const inputs: Readonly<Record<string, StridedView>> = {
  data: imageView(integers(3 * 19 * 17, 1), [1, 3, 19, 17]),
  "bias map": imageView(integers(8 * 9 * 8, 2), [1, 8, 9, 8]),
};
const double = ([input]: readonly StridedView[], output: StridedView): void => {
  const [, c, h, w] = input.shape;
  for (let i = 0; i < c; i++) {
    for (let y = 0; y < h; y++) {
      for (let x = 0; x < w; x++) output.data[at(output, i, y, x)] = 2 * input.data[at(input, i, y, x)];
    }
  }
};

function at({ stride, offset }: StridedView, c: number, y: number, x: number): number {
  return offset + c * stride[1] + y * stride[2] + x * stride[3];
}

/** Every tensor of the graph by its definition, dense nchw. */
const wanted = ((): ReadonlyMap<string, StridedView> => {
  const tensors = new Map<string, StridedView>();
  const fresh = (shape: readonly number[]) => imageView(new Float32Array(shape.reduce((a, b) => a * b)), shape);
  const each = (view: StridedView, value: (c: number, y: number, x: number) => number): StridedView => {
    const [, c, h, w] = view.shape;
    for (let i = 0; i < c; i++) {
      for (let y = 0; y < h; y++) for (let x = 0; x < w; x++) view.data[at(view, i, y, x)] = value(i, y, x);
    }
    return view;
  };
  const read = (name: string, c: number, y: number, x: number): number => {
    const view = tensors.get(name) as StridedView;
    return view.data[at(view, c, y, x)];
  };
  const convolve = (name: string, from: string): void => {
    const node = graph.nodes.find((one) => one.name === name);
    if (node?.kind !== "conv") throw new Error(name);
    const { oc, oh, ow } = node.problem;
    const output = fresh([1, oc, oh, ow]);
    directConv2d(node.problem, { ...constantsOf(node), input: tensors.get(from) as StridedView, output });
    tensors.set(name, output);
  };
  tensors.set("data", inputs.data);
  convolve("stem", "data");
  const window = (c: number, y: number, x: number, size: number) =>
    Array.from({ length: size * size }, (_, i) => read("stem", c, y + Math.floor(i / size), x + (i % size)));
  tensors.set(
    "pool",
    each(fresh([1, 8, 9, 8]), (c, y, x) => Math.max(...window(c, 2 * y, 2 * x, 3))),
  );
  convolve("left", "pool");
  const sum = (c: number, y: number, x: number) =>
    read("left", c, y, x) + 2 * read("pool", c, y, x) + inputs["bias map"].data[at(inputs["bias map"], c, y, x)];
  tensors.set(
    "sum",
    each(fresh([1, 8, 9, 8]), (c, y, x) => Math.max(0, sum(c, y, x))),
  );
  convolve("narrow", "sum");
  convolve("wide", "sum");
  const both = (c: number, y: number, x: number) => (c < 6 ? read("narrow", c, y, x) : read("wide", c - 6, y, x));
  const leaky = (value: number) => (value < 0 ? 0.5 * value : value);
  tensors.set(
    "twice",
    each(fresh([1, 16, 9, 8]), (c, y, x) => 2 * leaky(both(c, y, x))),
  );
  convolve("deep", "twice");
  const mean = (c: number, y: number, x: number) =>
    (read("deep", c, y, 2 * x) +
      read("deep", c, y, 2 * x + 1) +
      read("deep", c, y + 1, 2 * x) +
      read("deep", c, y + 1, 2 * x + 1)) /
    4;
  tensors.set("mean", each(fresh([1, 16, 8, 4]), mean));
  return tensors;
})();

function values(view: StridedView): number[] {
  const dense = imageView(new Float32Array(view.shape.reduce((a, b) => a * b)), view.shape);
  reorder(view, dense);
  return Array.from(dense.data, (value) => value + 0);
}

/** The elements in which tensors, copies and workspaces take turns. */
function arenaOf(plan: ReturnType<typeof planNetwork>, { data }: StridedView) {
  const transient = plan.account().buffers.filter(({ steps }) => steps !== undefined);
  const from = Math.min(...transient.map(({ offsetBytes }) => offsetBytes)) / 4;
  const to = Math.max(...transient.map(({ offsetBytes, bytes }) => offsetBytes + bytes)) / 4;
  return { float32: new Float32Array(data.buffer), from, to };
}

async function runs(provider: GemmProvider, plan: ReturnType<typeof planNetwork>): Promise<void> {
  const network = await openNetwork(plan, { provider, constants: constantsOf, functions: { double }, graph });
  try {
    // The heap is as large as declared, and used to exactly the declared height.
    expect(network.heapBytes).toBe(plan.memory.heapBytes);
    expect(network.highWaterBytes).toBe(plan.memory.usedBytes);
    const { float32, from, to } = arenaOf(plan, network.inputs.data);
    for (let run = 0; run < 2; run++) {
      // Nothing may depend on what the arena held before.
      float32.fill(Number.NaN, from, to);
      for (const [name, view] of Object.entries(network.inputs)) reorder(inputs[name], view);
      if (run === 0) network.run();
      else await network.runAsync();
      for (const [name, view] of Object.entries(network.outputs)) {
        expect(values(view), name).toEqual(values(wanted.get(name) as StridedView));
      }
    }
    expect(network.highWaterBytes).toBe(plan.memory.usedBytes);
  } finally {
    network.dispose();
  }
}

const providers = {
  js: async () => jsGemm(),
  wasm: () => wasmGemm(),
  "wasm with threads": () => wasmGemm({ threads: 2 }),
};

test.each(Object.entries(providers))(
  "every plan of the front runs in exactly its bytes and is right, on %s",
  async (_, open) => {
    const provider = await open();
    const { threads } = provider.capabilities;
    const fixed: (ImageLayout | undefined)[] = [undefined, "nchw", "nhwc"];
    for (const inputLayout of fixed) {
      for (const outputLayout of fixed) {
        const options = { algorithms: allAlgorithms, provider, inputLayout, outputLayout, threads };
        const { points } = paretoFront(graph, { ...options, stepBytes: 1024 });
        for (const { plan } of [points[0], points[points.length >> 1], points[points.length - 1]]) {
          await runs(provider, plan);
        }
      }
    }
    provider.dispose();
  },
);

test("every algorithm and form that an override can ask for is right in its place", async () => {
  const provider = jsGemm();
  const wide = planNetwork(graph, { algorithms: allAlgorithms, provider });
  const place = wide.nodes.findIndex(({ name }) => name === "wide");
  const all = wide.candidates[wide.nodes[place].candidates as string].filter((one) => "seconds" in one);
  const seen = new Set<string>();
  for (const { algorithm, variant } of all) {
    const key = [algorithm, variant.form, variant.inputLayout, variant.outputLayout].join();
    if (seen.has(key)) continue;
    seen.add(key);
    const overrides = { wide: { algorithm, ...variant } };
    await runs(provider, planNetwork(graph, { algorithms: allAlgorithms, provider, overrides }));
  }
  expect(seen.size).toBeGreaterThan(20);
});

test.each(["js", "wasm"] as const)("one byte less than the smallest plan is refused, on %s", async (name) => {
  const provider = await providers[name]();
  const { pageBytes } = provider.capabilities;
  const options = { algorithms: allAlgorithms, provider };
  const smallest = paretoFront(graph, options).points.at(-1)?.plan as ReturnType<typeof planNetwork>;
  await runs(provider, smallest);
  const { totalBytes } = smallest.memory;
  expect(() => planNetwork(graph, { ...options, budgetBytes: totalBytes - 1 })).toThrow(/resource\.over-budget/);
  const data = JSON.parse(JSON.stringify(smallest));
  data.memory.heapBytes -= pageBytes;
  const run = { provider, constants: constantsOf, functions: { double } };
  await expect(openNetwork(parsePlan(data) as never, run)).rejects.toThrow(/argument\.plan-mismatch/);
  // A provider that gives another size than it was asked for is found out too.
  const stingy = { ...provider, createHeap: (bytes: number) => provider.createHeap(bytes + pageBytes) };
  await expect(openNetwork(smallest, { ...run, provider: stingy as GemmProvider })).rejects.toThrow(/plan-mismatch/);
});

test.each(networkGraphNames)("%s opens in exactly its bytes, without a limit and at the least", async (name) => {
  const whole = networkGraph(name, { bias: false });
  for (const provider of [jsGemm(), await wasmGemm()]) {
    const { points } = paretoFront(whole, { algorithms: allAlgorithms, provider, stepBytes: 65536 });
    for (const { plan } of points.length > 1 ? [points[0], points[points.length - 1]] : points) {
      const network = await openNetwork(plan, {
        provider,
        constants: ({ problem: { oc, ic, groups, kh, kw } }) => {
          const shape = [oc, ic / groups, kh, kw];
          return { filter: filterView(new Float32Array((oc * ic * kh * kw) / groups), shape) };
        },
      });
      expect([network.heapBytes, network.highWaterBytes]).toEqual([plan.memory.heapBytes, plan.memory.usedBytes]);
      network.dispose();
    }
  }
});

test("layers without edges are fed and looked at one by one", async () => {
  const provider = referenceGemm();
  const layers = graph.nodes.flatMap((node) => (node.kind === "conv" ? [node] : []));
  const plan = planNetwork(graphOfLayers(layers), { algorithms: allAlgorithms, provider });
  const run = { provider, constants: constantsOf };
  await expect(openNetwork(plan, run)).rejects.toThrow(/feed.*argument\.name/);
  const seen: string[] = [];
  const network = await openNetwork(plan, {
    ...run,
    feed: (_, tensor) => reorder(imageView(integers(tensor.data.length, 5), tensor.shape), tensor),
    observe(name, tensor) {
      if (name.endsWith(":input")) return;
      seen.push(name);
      const layer = layers.find((one) => one.name === name) as (typeof layers)[number];
      const { n, ic, ih, iw, oc, oh, ow } = layer.problem;
      const output = imageView(new Float32Array(n * oc * oh * ow), [n, oc, oh, ow]);
      const input = imageView(integers(n * ic * ih * iw, 5), [n, ic, ih, iw]);
      directConv2d(layer.problem, { ...constantsOf(layer), input, output });
      expect(values(tensor), name).toEqual(values(output));
    },
  });
  network.run();
  expect(seen).toEqual(layers.map(({ name }) => name));
  network.dispose();
});

test("what is missing is named before memory exists", async () => {
  const provider = jsGemm();
  const plan = planNetwork(graph, { algorithms: allAlgorithms, provider });
  const code = async (options: object): Promise<string> => {
    try {
      await openNetwork(plan, { provider, constants: constantsOf, functions: { double }, ...options } as never);
    } catch (error) {
      if (isConvError(error)) return error.code;
      throw error;
    }
    return "none";
  };
  expect(await code({})).toBe("none");
  expect(await code({ functions: {} })).toBe("argument.name");
  expect(await code({ algorithms: [] })).toBe("argument.name");
  expect(await code({ provider: referenceGemm() })).toBe("argument.plan-mismatch");
  expect(await code({ provider: undefined })).toBe("argument.name");
  const { filter } = constantsOf({ name: "left" });
  expect(await code({ constants: () => ({ filter }) })).toBe("argument.shape");
});
