import type { Accuracy, NetworkGraph } from "@leanconv/conv";
import type { Layout } from "../neutral/strides.ts";
import type { Candidate, PlannedProvider, planVersion, RatedCandidate } from "../plan.ts";

/** One node of the graph as it will run. */
export interface PlannedNode {
  readonly name: string;
  /** Of what it reads, after conversions, and of what it writes. */
  readonly inputLayout: Layout;
  readonly outputLayout: Layout;
  /** Of a convolution: one of the candidates, and where in `candidates` they stand. */
  readonly chosen?: RatedCandidate;
  readonly candidates?: string;
  /** As predicted, without conversions; 0 for custom nodes. */
  readonly seconds: number;
}

/** A tensor brought into the layout of one reader, or into its part of a concatenation. */
export interface PlannedMove {
  /** Index of the reader, and which of its inputs. */
  readonly node: number;
  readonly input: number;
  readonly from: Layout;
  readonly to: Layout;
  readonly seconds: number;
}

/** A piece of the heap. */
export interface PlannedBuffer {
  readonly kind: "provider" | "weights" | "bias" | "slopes" | "tensor" | "copy" | "workspace" | "tables" | "page";
  /** The node it belongs to, or what it is. */
  readonly name: string;
  /** Index of the node that a tensor, a copy or a workspace belongs to; of a copy, which of its inputs it is. */
  readonly node?: number;
  readonly input?: number;
  /** From the start of the heap. */
  readonly offsetBytes: number;
  /** With the gap to the next alignment. */
  readonly bytes: number;
  /** Steps, from the first to the last that needs it; absent for what stays as long as the model. */
  readonly steps?: readonly [first: number, last: number];
  /** Other nodes whose tensor is the same memory, since they work in place. */
  readonly shared?: readonly string[];
}

/** The sums that a budget is compared with. */
export interface PlannedMemory {
  /** What the provider keeps for itself. */
  readonly providerBytes: number;
  /** Weights, bias and slopes in their packed form. */
  readonly packedBytes: number;
  /** Tables of compiled kernels. */
  readonly tableBytes: number;
  /** Tensors, copies and workspaces, which take turns. */
  readonly arenaBytes: number;
  /** What is alive at the fullest step: no arena can be smaller. */
  readonly aliveBytes: number;
  /** All of these: the heap's high-water mark. */
  readonly usedBytes: number;
  /** The same in whole pages: the heap. */
  readonly heapBytes: number;
  /** What the provider declares to keep besides its heaps, such as words that threads wait at. */
  readonly outsideBytes: number;
  /** Both together: the least budget for this plan. */
  readonly totalBytes: number;
}

/** A plan of a whole network as plain data: JSON there and back gives the same. */
export interface NetworkPlanData {
  readonly version: typeof planVersion;
  readonly kind: "network";
  readonly provider: PlannedProvider;
  readonly threads: number;
  /** Absent: no limit. */
  readonly budgetBytes?: number;
  /** The demand of accuracy; what is below it was refused. */
  readonly accuracy: Accuracy;
  /** Name of the cost model behind every `seconds`. */
  readonly model: string;
  readonly graph: NetworkGraph;
  /** One per node of the graph, in its order. */
  readonly nodes: readonly PlannedNode[];
  readonly moves: readonly PlannedMove[];
  /** What happens when, by the numbers that lifetimes use. */
  readonly steps: readonly string[];
  /** Everything that was considered, the fastest first, then the refused; equal problems share a list. */
  readonly candidates: Readonly<Record<string, readonly Candidate[]>>;
  readonly buffers: readonly PlannedBuffer[];
  readonly memory: PlannedMemory;
  /** As predicted, with these threads: nodes and moves. */
  readonly seconds: number;
  /** Whether nothing that fits the budget is predicted to be faster. */
  readonly optimal: boolean;
  /** Nothing that fits is predicted to be faster than this. */
  readonly boundSeconds: number;
  /** Predicted seconds that a budget of one MiB more saves; absent without a limit. Too little where a search was cut short. */
  readonly savedByOneMoreMiB?: number;
}

/** What a plan accounts for, and what it does not. */
export interface Account {
  /** Every byte of the heap, by offset where it stays, by step where it takes turns. */
  readonly buffers: readonly PlannedBuffer[];
  /** Of the heap: the sum of what stays in it and of the arena. */
  readonly heapBytes: number;
  /** What lies elsewhere and counts as well. */
  readonly elsewhere: readonly { readonly name: string; readonly bytes: number }[];
  /** All of it: what a budget is compared with. */
  readonly totalBytes: number;
  /** In words: memory that stands in no line. */
  readonly outside: readonly string[];
}

export interface NetworkPlan extends NetworkPlanData {
  /** Every buffer with its offset, bytes and lifetime. */
  account(): Account;
  /** A table to read: the whole network, or all candidates of one convolution. @throws `argument.name` */
  explain(layerName?: string): string;
  /** For `JSON.stringify`; problems are strings in it. `parsePlan` reads it back. */
  toJSON(): unknown;
}
