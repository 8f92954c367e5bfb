import type { NormNode, PoolNode } from "@leanconv/conv";
import {
  bytesPerElement,
  defineProvider,
  type GemmProvider,
  naiveGemm,
  type Program,
  summariseProgram,
} from "@leanconv/gemm";

/** A machine that computes nothing and knows to the second how long it would have taken. */
export interface SimulatedMachine {
  readonly provider: GemmProvider;
  readonly clock: () => number;
  /** Runs of programs so far. */
  readonly runs: () => number;
  readonly secondsOf: (program: Program) => number;
}

const flopsPerSecond = 1e9;
const bytesPerSecond = 1e8;
const gemmCallSeconds = 1e-6;
const moveCallSeconds = 2e-6;
export const phaseSeconds = 1e-6;

let advance: (seconds: number) => void = () => {};

/** Seconds of an element that a pool or a normalisation writes, and of each value behind it. */
export const nodeTerms = { outputSeconds: 5e-9, valueSeconds: 2e-9 };

/** Stands in for `computeNode` of @leanconv/conv: takes its time on the machine that was made last, and computes nothing. */
export function simulatedNode(
  node: PoolNode | NormNode,
  _input: unknown,
  output: { readonly shape: readonly number[] },
): void {
  const window = node.kind === "local-response-norm" ? node.size : node.kernel[0] * node.kernel[1];
  const outputs = output.shape.reduce((product, extent) => product * extent, 1);
  advance(outputs * (nodeTerms.outputSeconds + window * nodeTerms.valueSeconds));
}

/** Every flop and every byte takes the same time, every call and every phase a little. With threads, flops and bytes are shared. */
export function simulatedMachine({ threads = 1 } = {}): SimulatedMachine {
  let now = 0;
  let runs = 0;
  advance = (seconds) => {
    now += seconds;
  };
  const secondsOf = (program: Program, team = 1): number => {
    const { gemms, moves, phases } = summariseProgram(program);
    let seconds = team > 1 ? phases * phaseSeconds : 0;
    for (const { m, n, k, batch, count } of gemms) {
      seconds += count * (gemmCallSeconds + (2 * m * n * k * batch) / flopsPerSecond / team);
    }
    for (const { kind, elements, count } of moves) {
      seconds += count * (moveCallSeconds + (bytesPerElement(kind) * elements) / bytesPerSecond / team);
    }
    return seconds;
  };
  const provider = defineProvider({
    name: "simulated",
    capabilities: { threads, mr: 4, nr: 4, panelWidth: 4 },
    plainGemm: naiveGemm,
    bind: (program, binding) => ({
      run() {
        runs++;
        now += secondsOf(program, binding.threads);
      },
      async runAsync() {},
    }),
  });
  return { provider, clock: () => now, runs: () => runs, secondsOf };
}
