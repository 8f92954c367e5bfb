import { type GemmProvider, jsGemm } from "leanconv";
import { expect, test, vi } from "vitest";
import { planNetworks } from "../src/plan-networks.ts";

const opened = vi.hoisted((): GemmProvider[] => []);
vi.mock("../src/choose-provider.ts", () => ({
  providerNames: ["js"],
  chooseProvider: () => {
    const provider = jsGemm();
    opened.push(provider);
    return Promise.resolve(provider);
  },
}));

const io = { out() {}, err() {}, colors: false, progress: false };

test("where planning fails the provider is closed, else it is left to the caller", async () => {
  const flags = { provider: "js", layout: "nchw", threads: 1, accuracy: "standard" } as const;
  await expect(planNetworks(io, "alexnet", { ...flags, budget: 0, algorithm: "im2col" })).rejects.toThrow(
    /over-budget/,
  );
  await expect(planNetworks(io, "alexnet", { ...flags, threads: 2 })).rejects.toThrow(/unsupported\.threads/);
  const { provider, networks } = await planNetworks(io, "alexnet", flags);
  expect(networks.map(({ plan }) => plan.layers.length)).toEqual([5]);
  expect(opened.map(({ disposed }) => disposed)).toEqual([true, true, false]);
  provider.dispose();
});
