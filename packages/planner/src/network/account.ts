import type { Account, NetworkPlanData } from "./network-plan.ts";

/** Every buffer of a plan, and in words what is none of them. */
export function accountOf({ buffers, memory, provider, nodes, graph }: NetworkPlanData): Account {
  const outside = [
    "the code of the program and of the engine, and the objects of the JavaScript heap: plans, programs, views",
    "the caller's own copies of filters, inputs and outputs outside of the heap",
  ];
  if (provider.outside !== undefined) outside.push(provider.outside);
  if (graph.nodes.some(({ kind }) => kind.endsWith("pool") || kind === "local-response-norm" || kind === "custom")) {
    outside.push("whatever the functions allocate that compute pools, normalisations and the caller's own nodes");
  }
  if (nodes.length > 0 && provider.name === "wasm")
    outside.push("the instance of the WebAssembly module, and its threads' stacks of JavaScript");
  const { heapBytes, outsideBytes, totalBytes } = memory;
  const elsewhere = outsideBytes > 0 ? [{ name: `${provider.name}, besides its heaps`, bytes: outsideBytes }] : [];
  return { buffers, heapBytes, elsewhere, totalBytes, outside };
}
