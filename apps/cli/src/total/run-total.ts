import {
  allAlgorithms,
  type ConvConstants,
  filterView,
  formatBytes,
  formatSeconds,
  type GemmProvider,
  type GraphNode,
  type ImageLayout,
  imageView,
  type NetworkPlan,
  openNetwork,
  reorder,
  type StridedView,
} from "leanconv";
import { checkOutput } from "../check-output.ts";
import { checkPositions } from "../check-positions.ts";
import { type Io, palette, writeJson } from "../io.ts";
import { measure } from "../measure.ts";
import { layerValues, seededRandom, seedOf } from "../seeded.ts";

/**
 * Runs a planned network on values made from a seed: once with every convolution compared with the oracle, then a few
 * times for the clock. Whether all was right.
 */
export async function runTotal(
  io: Io,
  plan: NetworkPlan,
  provider: GemmProvider,
  { seed, json }: { readonly seed: number; readonly json?: true },
): Promise<boolean> {
  const seen = new Map<string, StridedView>();
  const checks: {
    readonly node: string;
    readonly wrong: number;
    readonly maxError: number;
    readonly positions: number;
  }[] = [];
  let watching = true;
  const fill = filler(seed);
  const custom = plan.graph.nodes.flatMap((node) =>
    node.kind === "custom" ? [[node.name, filled(node.name)] as const] : [],
  );
  function filled(name: string) {
    return (_: readonly StridedView[], output: StridedView): void => fill(name, output);
  }
  const network = await openNetwork(plan, {
    provider,
    constants: (node) => constantsOf(node, seed),
    functions: Object.fromEntries(custom),
    feed: fill,
    observe(name, tensor) {
      if (!watching) return;
      // The memory is used again: the next nodes are compared on a copy.
      const place = plan.graph.nodes.findIndex((node) => node.name === name);
      seen.set(name, copyOf(tensor, plan.nodes[place].outputLayout));
      const node = plan.graph.nodes[place];
      if (node.kind !== "conv") return;
      const { problem } = node;
      const input = seen.get(node.inputs[0]) as StridedView;
      const tensors = { ...constantsOf(node, seed), input, output: tensor } as Parameters<typeof checkOutput>[1];
      const random = seededRandom(seedOf(seed, `${name} positions`));
      const { chosen } = plan.nodes[place];
      const algorithm = allAlgorithms.find((one) => one.name === chosen?.algorithm);
      const check = checkOutput(problem, tensors, checkPositions(problem, random), algorithm?.errorClass);
      checks.push({ node: name, ...check });
    },
  });
  try {
    network.run();
    watching = false;
    seen.clear();
    const ms = measure(() => network.run());
    const wrong = checks.filter((check) => check.wrong > 0);
    const summary = {
      ...{ provider: plan.provider.identity, threads: plan.threads, budgetBytes: plan.budgetBytes ?? null },
      ...{ heapBytes: network.heapBytes, highWaterBytes: network.highWaterBytes, declaredBytes: plan.memory.usedBytes },
      ...{ convolutions: checks.length, verified: checks.length - wrong.length },
      positions: checks.reduce((sum, { positions }) => sum + positions, 0),
      maxError: checks.reduce((worst, { maxError }) => (maxError <= worst ? worst : maxError), 0),
      ...{ ms, predictedMs: plan.seconds * 1000 },
    };
    if (json) {
      for (const check of checks) writeJson(io, { ...check, verified: check.wrong === 0 });
      writeJson(io, { summary });
    } else {
      const colors = palette(io);
      const verdict =
        wrong.length === 0
          ? colors.green(`All ${checks.length} convolutions verified`)
          : colors.red(`WRONG: ${wrong.map(({ node }) => node).join(", ")}`);
      io.out(
        `${verdict} at ${summary.positions} positions, in one heap of ${formatBytes(network.heapBytes)}: ` +
          `${network.highWaterBytes} bytes used, ${plan.memory.usedBytes} declared.\n` +
          `${formatSeconds(ms / 1000)} for all nodes (predicted ${formatSeconds(plan.seconds)}).\n`,
      );
    }
    return wrong.length === 0 && network.highWaterBytes === plan.memory.usedBytes;
  } finally {
    network.dispose();
  }
}

/** Fills tensors by their names. Values are made once and then copied: the clock is not for random numbers. */
function filler(seed: number): (name: string, tensor: StridedView) => void {
  const made = new Map<string, Float32Array>();
  return (name, { data }) => {
    const known = made.get(name);
    if (known) {
      data.set(known);
      return;
    }
    const random = seededRandom(seedOf(seed, name));
    for (let at = 0; at < data.length; at++) data[at] = 2 * random() - 1;
    made.set(name, data.slice());
  };
}

function constantsOf(node: Extract<GraphNode, { kind: "conv" }>, seed: number): ConvConstants {
  const { name, problem: p } = node;
  const { filter, bias, slopes } = layerValues(p, seededRandom(seedOf(seed, name)));
  const view = filterView(filter, [p.oc, p.ic / p.groups, p.kh, p.kw], "oihw");
  return { filter: view, ...(bias && { bias }), ...(slopes && { slopes }) };
}

function copyOf(tensor: StridedView, layout: ImageLayout): StridedView {
  const copy = imageView(new Float32Array(tensor.data.length), tensor.shape, layout);
  reorder(tensor, copy);
  return copy;
}
