import { allAlgorithms } from "@leanconv/algorithms";
import { chainOfLayers, type NetworkGraph, parseProblem } from "@leanconv/conv";
import { referenceGemm } from "@leanconv/gemm";
import { jsGemm } from "@leanconv/gemm-js";
import { wasmGemm } from "@leanconv/gemm-wasm";
import { networkGraph, networkGraphNames } from "@leanconv/layer-tables";
import { describe, expect, test } from "vitest";
import {
  budgetPresets,
  checkNetworkPlan,
  paretoFront,
  parsePlan,
  planNetwork,
  profileCostModel,
} from "../../src/index.ts";
import { plainProfile } from "../cost/profiles.ts";
import { failure } from "./failure.ts";
import { smallGraph } from "./graphs.ts";

const providers = [jsGemm(), referenceGemm(), await wasmGemm()];

describe.each(providers.map((provider) => ({ name: provider.name, provider })))("$name", ({ provider }) => {
  const options = { algorithms: allAlgorithms, provider };

  test("a plan accounts for every byte of its heap", () => {
    const plan = planNetwork(smallGraph, options);
    const { buffers, heapBytes, totalBytes, outside } = plan.account();
    const stays = buffers.filter(({ steps }) => steps === undefined);
    const { arenaBytes, providerBytes, packedBytes, tableBytes, usedBytes } = plan.memory;
    expect(stays.reduce((sum, { bytes }) => sum + bytes, arenaBytes)).toBe(heapBytes);
    expect(providerBytes + packedBytes + tableBytes + arenaBytes).toBe(usedBytes);
    expect(heapBytes).toBe(Math.ceil(usedBytes / provider.capabilities.pageBytes) * provider.capabilities.pageBytes);
    expect(totalBytes).toBe(heapBytes + provider.capabilities.outsideBytes);
    expect(outside.join()).toContain("JavaScript heap");
    // Nothing overlaps that is needed at the same time.
    buffers.forEach((a, at) => {
      for (const b of buffers.slice(0, at)) {
        const [from, to] = a.steps ?? [0, plan.steps.length];
        const [first, last] = b.steps ?? [0, plan.steps.length];
        const apart = a.offsetBytes >= b.offsetBytes + b.bytes || b.offsetBytes >= a.offsetBytes + a.bytes;
        expect(apart || from > last || first > to, `${a.kind} ${a.name} and ${b.kind} ${b.name}`).toBe(true);
      }
    });
  });

  test("a budget that nothing fits is refused with the least that works; a byte less is refused again", () => {
    const { code, details, message } = failure(() => planNetwork(smallGraph, { ...options, budgetBytes: 100 }));
    expect(code).toBe("resource.over-budget");
    const { layer, smallestBytes, neededBytes, proven } = details as Record<string, number>;
    expect(message).toContain(`layer ${layer}: `);
    expect(message).toContain(`= ${neededBytes}, in pages ${smallestBytes}`);
    expect(proven).toBe(true);
    const plan = planNetwork(smallGraph, { ...options, budgetBytes: smallestBytes });
    expect(plan.memory.totalBytes).toBe(smallestBytes);
    expect(plan.optimal).toBe(true);
    const again = failure(() => planNetwork(smallGraph, { ...options, budgetBytes: smallestBytes - 1 }));
    expect([again.code, again.details.smallestBytes]).toEqual(["resource.over-budget", smallestBytes]);
  });

  test("the front goes from the fastest to the smallest, and every budget between gets its point", () => {
    const { points, exact } = paretoFront(smallGraph, options);
    expect(exact).toBe(true);
    expect(points[0].seconds).toBe(planNetwork(smallGraph, options).seconds);
    points.forEach((point, at) => {
      expect(point.plan.memory.totalBytes).toBe(point.totalBytes);
      expect(planNetwork(smallGraph, { ...options, budgetBytes: point.totalBytes }).seconds).toBe(point.seconds);
      if (at === 0) return;
      const richer = points[at - 1];
      expect(point.totalBytes).toBeLessThan(richer.totalBytes);
      expect(point.seconds).toBeGreaterThan(richer.seconds);
      expect(planNetwork(smallGraph, { ...options, budgetBytes: richer.totalBytes - 1 }).seconds).toBe(point.seconds);
      const millions = points.filter(({ totalBytes }) => totalBytes <= point.totalBytes + 2 ** 20);
      expect(point.savedByOneMoreMiB).toBeCloseTo(point.seconds - millions[0].seconds, 12);
    });
    const smallest = points.at(-1)?.totalBytes as number;
    expect(failure(() => paretoFront(smallGraph, { ...options, budgetBytes: smallest - 1 })).code).toBe(
      "resource.over-budget",
    );
  });

  test("JSON there and back gives the same plan, which is still that of this provider and graph", () => {
    const plan = planNetwork(smallGraph, { ...options, budgetBytes: 10_000_000 });
    const read = parsePlan(JSON.stringify(plan));
    if (read.kind !== "network") throw new Error("another kind of plan");
    expect(read.toJSON()).toEqual(plan.toJSON());
    expect(read.explain()).toBe(plan.explain());
    expect(read.explain("wide")).toBe(plan.explain("wide"));
    checkNetworkPlan(read, { provider, algorithms: allAlgorithms, graph: smallGraph }, "test");
  });

  test("equal arguments give equal plans", () => {
    const make = () => JSON.stringify(planNetwork(smallGraph, { ...options, budgetBytes: 2_000_000 }));
    expect(make()).toBe(make());
  });
});

const provider = providers[0];
const options = { algorithms: allAlgorithms, provider };

test("layouts of inputs and outputs are the caller's where he fixes them", () => {
  for (const inputLayout of ["nchw", "nhwc"] as const) {
    for (const outputLayout of ["nchw", "nhwc"] as const) {
      const plan = planNetwork(smallGraph, { ...options, inputLayout, outputLayout });
      expect(plan.nodes[0].outputLayout).toBe(inputLayout);
      for (const name of ["mean", "sum"]) {
        expect(plan.nodes.find((node) => node.name === name)?.outputLayout).toBe(outputLayout);
      }
    }
  }
});

test("an override is kept to, and one that nothing takes is refused", () => {
  const overrides = { wide: { algorithm: "im2col", form: "full", inputLayout: "nchw", outputLayout: "nhwc" } } as const;
  const plan = planNetwork(smallGraph, { ...options, overrides });
  const wide = plan.nodes.find(({ name }) => name === "wide");
  expect(wide?.chosen?.algorithm).toBe("im2col");
  expect(wide?.chosen?.variant).toMatchObject({ form: "full", inputLayout: "nchw", outputLayout: "nhwc" });
  expect(plan.explain("wide")).toContain("unsupported.excluded");
  const bad = (overrides: object) => failure(() => planNetwork(smallGraph, { ...options, overrides } as never)).code;
  expect(bad({ wide: { algorithm: "im2col", form: "none" } })).toBe("unsupported.excluded");
  expect(bad({ pool: { algorithm: "im2col" } })).toBe("argument.name");
  expect(bad({ wide: { algorithms: "im2col" } })).toBe("argument.name");
  expect(bad({ wide: 3 })).toBe("argument.format");
});

test("layers without edges take turns: the largest counts, not the sum", () => {
  const problem = parseProblem("ic8ih32oc8kh3ph1");
  const one = planNetwork({ a: problem }, options);
  const two = planNetwork({ a: problem, b: problem }, options);
  expect(two.memory.arenaBytes).toBe(one.memory.arenaBytes);
  expect(two.memory.packedBytes).toBe(2 * one.memory.packedBytes);
  const chain = chainOfLayers([
    { name: "a", problem },
    { name: "b", problem },
  ]);
  expect(planNetwork(chain, options).steps).toEqual(["input", "a", "b"]);
  expect(planNetwork([], options).memory.totalBytes).toBe(0);
});

test("a plan within a budget says what one MiB more buys, as the front does", () => {
  const options = { algorithms: allAlgorithms, provider: jsGemm() };
  const graph = networkGraph("squeezenet1_1");
  const { points } = paretoFront(graph, options);
  expect(points.length).toBeGreaterThan(2);
  for (const { plan: point, totalBytes, savedByOneMoreMiB } of points) {
    const plan = planNetwork(graph, { ...options, budgetBytes: totalBytes });
    expect(plan.savedByOneMoreMiB).toBeCloseTo(savedByOneMoreMiB, 12);
    const more = savedByOneMoreMiB > 0 ? /\none MiB more saves [\d.]+ ms$/ : /\none MiB more buys nothing$/;
    for (const one of [point, plan, parsePlan(JSON.stringify(plan))]) expect(one.explain()).toMatch(more);
  }
  expect(points.some(({ savedByOneMoreMiB }) => savedByOneMoreMiB > 0)).toBe(true);
  // A front that ends at a budget looks beyond it for that.
  const budgetBytes = points[points.length >> 1].totalBytes;
  const [largest] = paretoFront(graph, { ...options, budgetBytes }).points;
  expect(largest.savedByOneMoreMiB).toBeCloseTo(points[points.length >> 1].savedByOneMoreMiB, 12);
  const free = planNetwork(graph, options);
  expect([free.savedByOneMoreMiB, free.explain().includes("MiB more")]).toEqual([undefined, false]);
});

test("pools and normalisations are priced by windows and by outputs, in every model", () => {
  const graph: NetworkGraph = {
    nodes: [
      { kind: "input", name: "data", shape: [1, 4, 9, 9] },
      { kind: "max-pool", name: "pool", inputs: ["data"], kernel: [3, 3], strides: [2, 2] },
      { kind: "local-response-norm", name: "norm", inputs: ["pool"], size: 5, alpha: 1, beta: 1, bias: 1 },
      { kind: "custom", name: "own", inputs: ["norm"], shape: [1, 4, 4, 4] },
    ],
  };
  const nodes = {
    pool: { outputSeconds: 1e-3, valueSeconds: 1e-4 },
    norm: { outputSeconds: 2e-3, valueSeconds: 3e-4 },
  };
  const options = { algorithms: allAlgorithms, provider: jsGemm() };
  const own = planNetwork(graph, { ...options, model: profileCostModel({ ...plainProfile, nodes }) });
  const [, pool, norm, custom] = own.nodes.map(({ seconds }) => seconds);
  expect(pool).toBeCloseTo(64 * 1.9e-3, 12);
  expect(norm).toBeCloseTo(64 * 3.5e-3, 12);
  expect(custom).toBe(0);
  expect(own.seconds).toBeCloseTo(pool + norm, 12);
  // A model that only knows programs takes the constants that ship.
  for (const model of [profileCostModel(plainProfile), { name: "programs alone", seconds: () => 0 }]) {
    const plan = planNetwork(graph, { ...options, model });
    expect(plan.nodes[1].seconds).toBeGreaterThan(0);
    expect(plan.nodes[2].seconds).toBeGreaterThan(plan.nodes[1].seconds);
  }
});

test.each(["vgg16", "resnet50"])(
  "the front of %s is exact, whatever the transforms",
  async (name) => {
    const graph = networkGraph(name);
    for (const provider of [jsGemm(), await wasmGemm()]) {
      for (const accuracy of ["standard", "fast"] as const) {
        const { points, exact } = paretoFront(graph, { algorithms: allAlgorithms, provider, accuracy });
        expect([exact, points.every(({ plan }) => plan.optimal)], `${provider.name} ${accuracy}`).toEqual([true, true]);
        expect(points.length).toBeGreaterThan(10);
      }
    }
  },
  60_000,
);

test("with threads every thread's scratch counts, and as many are taken as the budget allows", async () => {
  const threaded = await wasmGemm({ threads: 2 });
  try {
    const own = { algorithms: allAlgorithms, provider: threaded };
    const graph = networkGraph("squeezenet1_1");
    const [one, two] = [1, 2].map((threads) => planNetwork(graph, { ...own, threads }));
    expect(planNetwork(graph, { ...own, threads: "auto" }).threads).toBe(2);
    // By the rule for what was not measured the second thread is worth half of one; pools are not shared at all.
    expect(two.seconds).toBeGreaterThan(one.seconds / 1.5);
    expect(two.seconds).toBeLessThan(one.seconds);
    // A profile of two threads that get into each other's way is believed.
    const slow = { ...plainProfile, provider: { name: "wasm", identity: threaded.identity } };
    const model = profileCostModel([slow, { ...slow, threads: { count: 2, speedup: 0.5, barrierSeconds: 0 } }]);
    expect(planNetwork(graph, { ...own, model, threads: [2, 1] }).threads).toBe(1);
    expect(planNetwork(graph, { ...own, model, threads: [2] }).threads).toBe(2);
    const least = (threads: number) =>
      failure(() => planNetwork(graph, { ...own, threads, budgetBytes: 0 })).details.smallestBytes as number;
    const [forOne, forTwo] = [least(1), least(2)];
    expect(forTwo).toBeGreaterThanOrEqual(forOne);
    if (forTwo > forOne) {
      expect(planNetwork(graph, { ...own, threads: "auto", budgetBytes: forTwo - 1 }).threads).toBe(1);
    }
    expect([one.threads, two.threads]).toEqual([1, 2]);
    const { outsideBytes } = threaded.capabilities;
    expect(outsideBytes).toBeGreaterThan(0);
    const { heapBytes, elsewhere, totalBytes } = two.account();
    expect(elsewhere).toEqual([{ name: "wasm, besides its heaps", bytes: outsideBytes }]);
    expect(totalBytes).toBe(heapBytes + outsideBytes);
    expect(two.explain()).toContain("1.02 KiB outside of the heap");
    // The budget is for these bytes as well: the least that works does, a byte less does not.
    const smallest = planNetwork(graph, { ...own, threads: 2, budgetBytes: forTwo });
    expect(smallest.memory.totalBytes).toBe(forTwo);
    expect(forTwo % threaded.capabilities.pageBytes).toBe(outsideBytes);
    expect(failure(() => planNetwork(graph, { ...own, threads: 2, budgetBytes: forTwo - 1 })).code).toBe(
      "resource.over-budget",
    );
    expect(paretoFront(graph, { ...own, threads: 2 }).points.at(-1)?.totalBytes).toBe(forTwo);
  } finally {
    threaded.dispose();
  }
});

test("planning makes no heap, packs nothing and compiles nothing", () => {
  const never = (what: string) => () => {
    throw new Error(`${what} was called`);
  };
  const watched = {
    ...provider,
    createHeap: never("createHeap"),
    pack: never("pack"),
    compile: never("compile"),
    bind: never("bind"),
  };
  const { points } = paretoFront(smallGraph, { ...options, provider: watched });
  expect(points.length).toBeGreaterThan(0);
});

test("presets are budgets", () => {
  const graph = networkGraph("squeezenet1_1");
  const plan = planNetwork(graph, { ...options, budgetBytes: "edge-128" });
  expect(plan.budgetBytes).toBe(budgetPresets["edge-128"]);
  expect(plan.memory.totalBytes).toBeLessThanOrEqual(96 * 2 ** 20);
  expect(failure(() => planNetwork(graph, { ...options, budgetBytes: "desktop" as never })).code).toBe("argument.name");
});

test("wrong options are refused by name", () => {
  const code = (change: object) => failure(() => planNetwork(smallGraph, { ...options, ...change } as never)).code;
  expect(code({ budgetBytes: -1 })).toBe("argument.range");
  expect(code({ threads: 2 })).toBe("argument.range");
  expect(code({ threads: [1, 2] })).toBe("argument.range");
  expect(code({ threads: [] })).toBe("argument.range");
  expect(code({ threads: "all" as never })).toBe("argument.range");
  expect(code({ inputLayout: "chw" })).toBe("argument.layout");
  expect(code({ provider: {} })).toBe("argument.name");
  expect(failure(() => planNetwork({ nodes: 3 } as never, options)).code).toBe("argument.format");
  expect(failure(() => planNetwork(null as never, options)).code).toBe("argument.format");
  expect(failure(() => planNetwork(smallGraph, undefined as never)).code).toBe("argument.format");
  expect(failure(() => paretoFront(smallGraph, { ...options, stepBytes: 0 })).code).toBe("argument.range");
  expect(failure(() => planNetwork(smallGraph, options).explain("pool")).code).toBe("argument.name");
});

test.each(networkGraphNames)("%s is planned to the optimum, without a gap in its arena, faster with more", (name) => {
  const graph = networkGraph(name);
  let before = 0;
  for (const { plan, seconds } of paretoFront(graph, { ...options, stepBytes: 4096 }).points) {
    expect(plan.optimal).toBe(true);
    expect(plan.memory.arenaBytes).toBe(plan.memory.aliveBytes);
    expect(seconds).toBeGreaterThan(before);
    before = seconds;
  }
});
