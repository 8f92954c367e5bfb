import type { Selection } from "./selection.ts";

/** What the relaxation knows of a node's time, in bytes. */
export interface Alive {
  /** Before a node runs: its inputs and what others read later. */
  readonly before: number;
  /** The same with its output. */
  readonly running: number;
  /** Whether an input is read again later. */
  readonly later: readonly boolean[];
}

/** What is alive at every node whatever is chosen. */
export function aliveAnyway({ nodes }: Selection): readonly Alive[] {
  const last = nodes.map(({ kept }, node) => (kept ? nodes.length : node));
  nodes.forEach(({ inputs }, node) => {
    for (const { from } of inputs) last[from] = Math.max(last[from], node);
  });
  // Bytes that are alive from the node after their writer up to their last reader.
  const changes = new Float64Array(nodes.length + 2);
  nodes.forEach(({ outputBytes }, node) => {
    if (last[node] <= node) return;
    changes[node + 1] += outputBytes;
    changes[Math.min(last[node], nodes.length) + 1] -= outputBytes;
  });
  let before = 0;
  return nodes.map(({ inputs, inPlace, outputBytes }, node) => {
    before += changes[node];
    const mayShare = inPlace && inputs.some(({ from }) => nodes[from].outputBytes === outputBytes);
    return {
      before,
      running: before + (mayShare ? 0 : outputBytes),
      later: inputs.map(({ from }) => last[from] > node),
    };
  });
}
