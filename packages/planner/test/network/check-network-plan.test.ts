import { allAlgorithms } from "@leanconv/algorithms";
import { type NetworkGraph, parseProblem } from "@leanconv/conv";
import { referenceGemm } from "@leanconv/gemm";
import { jsGemm } from "@leanconv/gemm-js";
import { wasmGemm } from "@leanconv/gemm-wasm";
import { describe, expect, test } from "vitest";
import { checkNetworkPlan, parsePlan, planNetwork } from "../../src/index.ts";
import { failure } from "./failure.ts";
import { smallGraph } from "./graphs.ts";

const provider = jsGemm();
const options = { algorithms: allAlgorithms, provider };

describe("a plan made for something else is refused", () => {
  const plan = planNetwork(smallGraph, options);
  const text = JSON.stringify(plan);
  const partners = { provider, algorithms: allAlgorithms };
  const changed = (change: (plan: never) => void) => {
    const copy = JSON.parse(text);
    change(copy as never);
    const read = parsePlan(copy);
    if (read.kind !== "network") throw new Error("another kind of plan");
    return read;
  };

  test("another provider, variant or tile", async () => {
    const [relaxed, tall, simd] = await Promise.all(
      [{ variant: "relaxed" } as const, { tile: { mr: 3, nr: 12 } }, { variant: "simd" } as const].map(wasmGemm),
    );
    const identities = [plan.provider.identity, ...[relaxed, tall, simd].map(({ identity }) => identity)];
    expect(new Set(identities).size).toBe(4);
    const own = planNetwork(smallGraph, { ...options, provider: relaxed });
    checkNetworkPlan(own, { ...partners, provider: relaxed }, "x");
    for (const [made, other] of [
      [plan, referenceGemm()],
      [plan, relaxed],
      [own, provider],
      [own, tall],
      [own, simd],
    ] as const) {
      const { code, message } = failure(() => checkNetworkPlan(made, { ...partners, provider: other }, "x"));
      expect([code, message.includes(other.identity)]).toEqual(["argument.plan-mismatch", true]);
    }
  });

  test("the same provider with other threads, which keeps other bytes for itself", async () => {
    const [one, two] = await Promise.all([1, 2].map((threads) => wasmGemm({ threads })));
    const own = planNetwork(smallGraph, { ...options, provider: two, threads: 1 });
    expect(own.provider.threads).toBe(two.capabilities.threads);
    checkNetworkPlan(own, { ...partners, provider: two }, "x");
    if (two.capabilities.threads === 2) {
      const { code, message } = failure(() => checkNetworkPlan(own, { ...partners, provider: one }, "x"));
      expect([code, / with 1 thread\(s\), wanted .* with 2 thread/.test(message)]).toEqual([
        "argument.plan-mismatch",
        true,
      ]);
    }
    two.dispose();
  });

  test("another network", () => {
    const graph: NetworkGraph = { ...smallGraph, outputs: ["mean"] };
    expect(failure(() => checkNetworkPlan(plan, { ...partners, graph }, "x")).code).toBe("argument.plan-mismatch");
  });

  test("other problems, choices, sums or places than were planned", () => {
    // biome-ignore lint/suspicious/noExplicitAny: a plan is broken on purpose
    const breaks: ((plan: any) => void)[] = [
      (plan) => {
        plan.graph.nodes[1].problem = "ic3ih19iw17oc8kh3ph1+relu";
      },
      (plan) => {
        plan.nodes[1].chosen.workspaceBytes += 16;
      },
      (plan) => {
        plan.memory.totalBytes -= 16;
      },
      (plan) => {
        plan.buffers[2].offsetBytes += 16;
      },
      (plan) => {
        plan.buffers.pop();
      },
      (plan) => {
        const pool = plan.nodes.find(({ name }: { name: string }) => name === "pool");
        pool.inputLayout = pool.inputLayout === "nchw" ? "nhwc" : "nchw";
      },
      (plan) => {
        const { chosen } = plan.nodes[1];
        plan.nodes[1].inputLayout = chosen.variant.inputLayout === "nchw" ? "nhwc" : "nchw";
      },
      (plan) => {
        plan.nodes[1].chosen.variant.form = "none";
      },
      (plan) => {
        const wide = plan.nodes.find(({ name }: { name: string }) => name === "wide");
        wide.chosen.variant.parameters = { rows: 77 };
      },
      (plan) => {
        plan.moves.pop();
      },
      (plan) => {
        plan.steps.reverse();
      },
      (plan) => {
        plan.budgetBytes = plan.memory.totalBytes - 1;
      },
      (plan) => {
        const buffer = plan.buffers.find(
          ({ steps }: { steps?: number[] }) => steps !== undefined && steps[0] < steps[1],
        );
        buffer.steps[1]--;
      },
    ];
    for (const one of breaks) {
      expect(failure(() => checkNetworkPlan(changed(one), partners, "x")).code, `${one}`).toBe(
        "argument.plan-mismatch",
      );
    }
    checkNetworkPlan(
      changed(() => {}),
      partners,
      "x",
    );
  });

  test("text that is no plan, or of another version", () => {
    expect(failure(() => parsePlan("{")).code).toBe("argument.format");
    expect(failure(() => parsePlan("null")).code).toBe("argument.plan-mismatch");
    expect(failure(() => parsePlan({ ...JSON.parse(text), version: 1 })).code).toBe("argument.plan-mismatch");
    const { code, message } = failure(() => parsePlan({ ...JSON.parse(text), threads: "two" }));
    expect([code, message.includes("threads")]).toEqual(["argument.format", true]);
    const broken = JSON.parse(text);
    broken.graph.nodes[1].problem = "ic3ih2oc8kh3";
    const { code: inner, message: whole } = failure(() => parsePlan(broken));
    expect([inner, whole.startsWith("parsePlan: ")]).toEqual([failure(() => parseProblem("ic3ih2oc8kh3")).code, true]);
  });

  // biome-ignore lint/suspicious/noExplicitAny: a plan is broken on purpose
  test.each<readonly [string, (plan: any) => void]>([
    ["nodes", (plan) => plan.nodes.pop()],
    ["nodes.1.name", (plan) => Object.assign(plan.nodes[1], { name: "other" })],
    ["nodes.1.candidates", (plan) => Object.assign(plan.nodes[1], { candidates: "none" })],
    ["moves.0", (plan) => Object.assign(plan.moves[0], { node: 99 })],
    ["moves.0", (plan) => Object.assign(plan.moves[0], { input: 9 })],
    ["steps.0", (plan) => Object.assign(plan.steps, { 0: "nowhere" })],
    ["buffers.0.node", (plan) => Object.assign(plan.buffers[0], { node: 99 })],
    ["buffers.0.steps", (plan) => Object.assign(plan.buffers[0], { steps: [0, 99] })],
    ["buffers.0.steps", (plan) => Object.assign(plan.buffers[0], { steps: [1, 0] })],
  ])("a plan that refers to what is not there: %s", (place, change) => {
    const broken = JSON.parse(text);
    change(broken);
    const { code, message } = failure(() => parsePlan(broken));
    expect([code, message.includes(`parsePlan: ${place}: `)]).toEqual(["argument.format", true]);
  });
});
