import { expect, test } from "vitest";
import {
  allAlgorithms,
  filterView,
  type GemmProvider,
  imageView,
  jsGemm,
  openLayer,
  type Plan,
  parsePlan,
  parseProblem,
  planLayers,
  referenceGemm,
  reorder,
} from "../src/index.ts";
import { integers, oracle, plain, tensor } from "./oracle.ts";

const problem = parseProblem("ic4ih9iw7oc6kh3ph1+bias+relu");
const input = tensor([1, 4, 9, 7], 31);
const filter = tensor([6, 4, 3, 3], 32);
const bias = integers(6, 33);
const constants = { filter: filterView(filter.data, filter.shape), bias };

test("a layer runs from its plan, also after the plan was JSON, with exactly its bytes", async () => {
  const provider = jsGemm();
  const made = planLayers({ a: problem }, { algorithms: allAlgorithms, provider, budget: { workspaceBytes: 16384 } });
  const plan = parsePlan(JSON.stringify(made)) as Plan;
  const layer = await openLayer(plan.layers[0], { provider, ...constants });
  const { packedBytes, workspaceBytes } = plan.layers[0].chosen;
  const aligned = (bytes: number) => Math.ceil(bytes / 16) * 16;
  const tensors = aligned(input.data.byteLength) + aligned(4 * 6 * 9 * 7);
  expect(layer.heapBytes).toBe(packedBytes + tensors + aligned(workspaceBytes));
  for (const sign of [1, -1]) {
    const signed = { ...input, data: input.data.map((value) => sign * value) };
    reorder(imageView(signed.data, signed.shape), layer.input);
    layer.run();
    expect(plain(layer.output.data.slice(0, 6 * 9 * 7))).toEqual(
      plain(oracle(signed, filter, { padding: 1, bias, activation: "relu" })),
    );
  }
  layer.output.data.fill(Number.NaN);
  await layer.runAsync();
  const negative = { ...input, data: input.data.map((value) => -value) };
  expect(plain(layer.output.data.slice(0, 6 * 9 * 7))).toEqual(
    plain(oracle(negative, filter, { padding: 1, bias, activation: "relu" })),
  );
  layer.dispose();
  layer[Symbol.dispose]();
});

test("every form of every algorithm opens, in both layouts", async () => {
  const provider = referenceGemm();
  for (const layout of ["nchw", "nhwc"] as const) {
    for (const algorithm of allAlgorithms) {
      const context = { inputLayout: layout, outputLayout: layout, exclusiveInput: true };
      for (const { variant, refusal } of algorithm.variants(problem, context)) {
        const choice = { problem, chosen: { algorithm: algorithm.name, variant } };
        const opening = openLayer(choice, { provider, ...constants });
        if (refusal) await expect(opening, algorithm.name).rejects.toMatchObject({ code: refusal.code });
        else (await opening).dispose();
      }
    }
  }
});

test("what fails on the way gives the heap back", async () => {
  const provider = referenceGemm();
  const heaps: { disposed: boolean }[] = [];
  const spy: GemmProvider = {
    ...provider,
    createHeap: async (bytes) => {
      const heap = await provider.createHeap(bytes);
      heaps.push(heap);
      return heap;
    },
  };
  const [layer] = planLayers({ a: problem }, { algorithms: allAlgorithms, provider, budget: {} }).layers;
  await expect(openLayer(layer, { provider: spy, filter: constants.filter })).rejects.toMatchObject({
    code: "argument.bias",
  });
  expect(heaps.map(({ disposed }) => disposed)).toEqual([true]);
  await expect(openLayer(layer, { provider: spy, algorithms: [], ...constants })).rejects.toMatchObject({
    code: "argument.name",
  });
  expect(heaps.length).toBe(1);
});

test("a plan for another provider, or of another workspace, is a mismatch before memory is asked for", async () => {
  const [provider, other] = [jsGemm(), referenceGemm()];
  const createHeap = () => Promise.reject(new Error("memory was asked for"));
  const [layer] = planLayers({ a: problem }, { algorithms: allAlgorithms, provider, budget: {} }).layers;
  const mismatch = { code: "argument.plan-mismatch" };
  const refused = openLayer(layer, { provider: { ...other, createHeap }, ...constants });
  await expect(refused).rejects.toMatchObject(mismatch);
  await expect(refused).rejects.toThrow(/got reference, wanted js-.*plan again/);
  await expect(openLayer(layer, { provider: "js" as never, ...constants })).rejects.toMatchObject({
    code: "argument.name",
  });
  const chosen = { ...layer.chosen, workspaceBytes: layer.chosen.workspaceBytes + 16 };
  const grown = openLayer({ ...layer, chosen }, { provider: { ...provider, createHeap }, ...constants });
  await expect(grown).rejects.toMatchObject(mismatch);
});

test("without memory for a layer the error names the bytes of its tensors", async () => {
  const provider = referenceGemm();
  const huge = parseProblem("n100000ic100ih200oc100kh1");
  const [layer] = planLayers({ a: huge }, { algorithms: allAlgorithms, provider, budget: {} }).layers;
  const weights = filterView(new Float32Array(10_000), [100, 100, 1, 1]);
  const opening = openLayer(layer, { provider, filter: weights });
  await expect(opening).rejects.toMatchObject({ code: "resource.out-of-memory", details: { tensorBytes: 32e11 } });
  await expect(opening).rejects.toThrow(/3200000000000 of input and output.*smaller budget does not help/);
});
