import type { Edge, LayoutIndex, Passage, Selection, SelectionNode } from "../../src/select/selection.ts";

export type Random = () => number;

/** Numbers in [0, 1) from a seed (mulberry32). */
export function seeded(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t ^= t + Math.imul(t ^ (t >>> 7), 61 | t);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A small graph with layouts, workspaces, copies, sums in place and sizes of its own, all integers. */
export function randomSelection(random: Random, most = 6, reach = 3): Selection {
  const pick = (low: number, high: number): number => low + Math.floor(random() * (high - low + 1));
  const layout = (): LayoutIndex => (random() < 0.5 ? 0 : 1);
  const count = pick(2, most);
  const unit = 16;
  const nodes: SelectionNode[] = [];
  for (let node = 0; node < count; node++) {
    const kind = node === 0 ? "input" : random() < 0.65 ? "conv" : "neutral";
    const wanted = kind === "input" ? 0 : kind === "conv" ? 1 : pick(1, Math.min(3, node));
    const from = Array.from({ length: wanted }, () => pick(Math.max(0, node - reach), node - 1));
    const outputBytes = kind === "neutral" && random() < 0.6 ? nodes[from[0]].outputBytes : unit * pick(1, 8);
    const passage = (same: boolean, bytes: number): Passage => ({
      seconds: same ? 0 : pick(0, 4),
      persistentBytes: same ? 0 : unit * pick(0, 1),
      copyBytes: same || random() < 0.2 ? 0 : bytes,
    });
    const inputs = from.map((writer): Edge => {
      const bytes = nodes[writer].outputBytes;
      return {
        from: writer,
        passages: [
          [passage(true, bytes), passage(false, bytes)],
          [passage(false, bytes), passage(true, bytes)],
        ],
      };
    });
    const neutral = (l: LayoutIndex) => ({
      ...{ input: l, output: l, seconds: pick(0, 3), workspaceBytes: 0, persistentBytes: unit * pick(0, 1) },
    });
    const conv = () => ({
      ...{ input: layout(), output: layout(), seconds: pick(1, 20) },
      ...{ workspaceBytes: unit * pick(0, 6), persistentBytes: unit * pick(0, 4) },
    });
    const alternatives =
      kind === "conv"
        ? Array.from({ length: pick(1, 4) }, conv)
        : random() < 0.3
          ? [neutral(layout())]
          : [neutral(0), neutral(1)];
    nodes.push({
      alternatives,
      outputBytes,
      inputs,
      inPlace: kind === "neutral" && random() < 0.6,
      kept: random() < 0.2,
    });
  }
  return { nodes, fixedBytes: unit * pick(0, 2), pageBytes: random() < 0.3 ? 64 : unit, outsideBytes: pick(0, 2) * 40 };
}

/** All choices of a selection. */
export function* allChoices({ nodes }: Selection): Generator<readonly number[]> {
  const choice = nodes.map(() => 0);
  for (;;) {
    yield [...choice];
    let at = 0;
    while (at < nodes.length && ++choice[at] === nodes[at].alternatives.length) choice[at++] = 0;
    if (at === nodes.length) return;
  }
}

/** A chain of layers whose faster ways keep more: 1.78 or 4 times the weights, as Winograd's. */
export function heavyChain(
  random: Random,
  layers: number,
  ways: readonly (readonly [faster: number, larger: number])[],
): Selection {
  const pick = (low: number, high: number): number => low + Math.floor(random() * (high - low + 1));
  const none: Passage = { seconds: 0, persistentBytes: 0, copyBytes: 0 };
  const both: readonly LayoutIndex[] = [0, 1];
  const plain = (layout: LayoutIndex) => ({
    ...{ input: layout, output: layout, seconds: 0, workspaceBytes: 0, persistentBytes: 0 },
  });
  const nodes: SelectionNode[] = [
    { alternatives: both.map(plain), outputBytes: 16 * 5000, inputs: [], inPlace: false, kept: false },
  ];
  for (let layer = 0; layer < layers; layer++) {
    const weights = pick(200, 100_000);
    const time = pick(2000, 20_000);
    const copyBytes = nodes[layer].outputBytes;
    const way: Passage = { seconds: pick(10, 500), persistentBytes: 64, copyBytes };
    nodes.push({
      alternatives: both.flatMap((input) =>
        both.flatMap((output) =>
          ways.map(([faster, larger]) => ({
            ...{ input, output, seconds: Math.round(time * faster * (0.97 + 0.06 * random())) },
            workspaceBytes: 16 * (faster === 1 ? 0 : pick(1, 3000)),
            persistentBytes: 16 * (Math.round(weights * larger) + pick(0, 8)),
          })),
        ),
      ),
      outputBytes: 16 * pick(500, 5000),
      inputs: [
        {
          from: layer,
          passages: [
            [none, way],
            [way, none],
          ],
        },
      ],
      ...{ inPlace: false, kept: false },
    });
  }
  return { nodes, fixedBytes: 64, pageBytes: 16, outsideBytes: 0 };
}
