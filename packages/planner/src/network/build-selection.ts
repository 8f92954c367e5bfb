import { type CheckedGraph, type ConvNode, formatProblem, type GraphNode, type ImageShape } from "@leanconv/conv";
import { convError, roundUp } from "@leanconv/core";
import type { Program } from "@leanconv/gemm";
import { askCandidates, type Circumstances } from "../candidates.ts";
import { defaultNodeTerms, functionSeconds, isFunction } from "../cost/function-terms.ts";
import { concatPart, type Part } from "../neutral/concat-part.ts";
import { copyProgram } from "../neutral/copy-program.ts";
import { nothing, type Price, priceProgram } from "../neutral/price.ts";
import { elementsOf, type Layout, layouts, sameInBoth } from "../neutral/strides.ts";
import { sumProgram } from "../neutral/sum-program.ts";
import { nothingTakes } from "../nothing-fits.ts";
import type { OfferRule } from "../offers.ts";
import { type Candidate, isRated, type RatedCandidate } from "../plan.ts";
import type { Alternative, Edge, LayoutIndex, Passage, Selection, SelectionNode } from "../select/selection.ts";
import { fastestFirst, notBeaten } from "./fastest-first.ts";

/** What a network's plan is chosen under, besides its budget. */
export interface NetworkCircumstances extends Omit<Circumstances, "workspaceBytes" | "rules"> {
  /** The layouts of all inputs and all outputs of the graph, where the caller fixes them. */
  readonly inputLayout: Layout | undefined;
  readonly outputLayout: Layout | undefined;
  /** What a layer's candidates are asked for under, and the key of its answer: equal problems may have other rules. */
  readonly rulesOf: (layer: string) => { readonly key: string; readonly rules: readonly OfferRule[] };
}

/** A selection with what its numbers came from. */
export interface NetworkSelection {
  readonly selection: Selection;
  /** By node, the candidate behind every alternative; empty for what is no convolution. */
  readonly chosen: readonly (readonly RatedCandidate[])[];
  /** By node, where a convolution's candidates stand. */
  readonly keys: readonly (string | undefined)[];
  readonly candidates: ReadonlyMap<string, readonly Candidate[]>;
}

/** Asks every algorithm about every different problem, in all four pairs of layouts, and prices what moves between them. */
export function buildSelection(graph: CheckedGraph, circumstances: NetworkCircumstances): NetworkSelection {
  const { capabilities } = circumstances.provider;
  const { alignBytes, reservedBytes, pageBytes, outsideBytes } = capabilities;
  const asker = new Asker(circumstances);
  const keys = graph.nodes.map((node) => (node.kind === "conv" ? asker.ask(node) : undefined));
  const chosen = keys.map((key) => (key === undefined ? [] : asker.usable(key)));
  const nodes = graph.nodes.map((node, place): SelectionNode => {
    const shape = graph.shapes[place];
    const concat = concatPart(node, place, graph);
    const edges = graph.inputs[place].map((from, input): Edge => {
      const passages = concat
        ? asker.concatPassages(graph.shapes[from], concat(input))
        : asker.passages(graph.shapes[from]);
      return { from, passages };
    });
    const scratch = concat
      ? graph.inputs[place].map((from, input) => asker.concatScratch(graph.shapes[from], concat(input)))
      : [];
    return {
      alternatives:
        node.kind === "conv"
          ? chosen[place].map(alternativeOf(alignBytes))
          : asker.neutral(node, graph.shapes[graph.inputs[place][0]], shape, scratch),
      outputBytes: roundUp(4 * elementsOf(shape), alignBytes),
      inputs: edges,
      inPlace: node.kind === "add" || node.kind === "activation",
      kept: graph.kept[place],
    };
  });
  const limited = nodes.map((node, place) => asker.fixLayouts(node, graph, place));
  return {
    selection: {
      nodes: limited.map(({ node }) => node),
      fixedBytes: roundUp(reservedBytes, alignBytes),
      pageBytes: Math.max(pageBytes, alignBytes),
      outsideBytes,
    },
    chosen: limited.map(({ kept }, place) => kept.map((at) => chosen[place][at]).filter((one) => one !== undefined)),
    keys,
    candidates: asker.asked,
  };
}

function alternativeOf(alignBytes: number): (candidate: RatedCandidate) => Alternative {
  return ({ variant, seconds, workspaceBytes, packedBytes, tableBytes }) => ({
    input: indexOf(variant.inputLayout),
    output: indexOf(variant.outputLayout),
    seconds,
    workspaceBytes: roundUp(workspaceBytes, alignBytes),
    persistentBytes: packedBytes + tableBytes,
  });
}

const indexOf = (layout: Layout): LayoutIndex => (layout === "nchw" ? 0 : 1);

/** Prices with memory: networks repeat their layers. */
class Asker {
  readonly asked = new Map<string, readonly Candidate[]>();
  readonly #usable = new Map<string, readonly RatedCandidate[]>();
  readonly #prices = new Map<string, Price>();
  readonly #circumstances: NetworkCircumstances;

  constructor(circumstances: NetworkCircumstances) {
    this.#circumstances = circumstances;
  }

  /** The key of a convolution's candidates. @throws where all refuse */
  ask({ name, problem }: ConvNode): string {
    const { rulesOf } = this.#circumstances;
    const own = rulesOf(name);
    const key = own.key === "" ? formatProblem(problem) : `${formatProblem(problem)} ${own.key}`;
    if (this.asked.has(key)) return key;
    const circumstances: Circumstances = { ...this.#circumstances, rules: own.rules };
    // Layers run one after the other, so that nobody else reads an input while a layer changes it and puts it back.
    const all = layouts.flatMap((inputLayout) =>
      layouts.flatMap((outputLayout) =>
        askCandidates(problem, { inputLayout, outputLayout, exclusiveInput: true }, circumstances),
      ),
    );
    const sorted = fastestFirst(all);
    const rated = sorted.filter(isRated);
    if (rated.length === 0) throw nothingTakes(name, sorted);
    this.asked.set(key, sorted);
    this.#usable.set(key, notBeaten(rated));
    return key;
  }

  usable(key: string): readonly RatedCandidate[] {
    return this.#usable.get(key) ?? [];
  }

  /** What a tensor's way from one layout to the other takes: a copy of its own, made by a mover. */
  passages(shape: ImageShape): Edge["passages"] {
    const bytes = roundUp(4 * elementsOf(shape), this.#circumstances.provider.capabilities.alignBytes);
    return square((from, to): Passage => {
      if (from === to || sameInBoth(shape)) return { seconds: 0, persistentBytes: 0, copyBytes: 0 };
      const price = this.#price(`copy ${shape} ${from} ${to}`, () => copyProgram(shape, from, to));
      // Should a mover need scratch, it lies behind the copy.
      return { seconds: price.seconds, persistentBytes: price.tableBytes, copyBytes: bytes + price.workspaceBytes };
    });
  }

  /** An input's way into a concatenation, which is a copy in any case. */
  concatPassages(shape: ImageShape, part: Part): Edge["passages"] {
    return square((from, to) => {
      const { seconds, tableBytes } = this.#concatPrice(shape, part, from, to);
      return { seconds, persistentBytes: tableBytes, copyBytes: 0 };
    });
  }

  /** Scratch of the copies of one input into a concatenation. */
  concatScratch(shape: ImageShape, part: Part): number {
    const all = square((from, to) => this.#concatPrice(shape, part, from, to).workspaceBytes).flat();
    return Math.max(...all);
  }

  #concatPrice(shape: ImageShape, part: Part, from: Layout, to: Layout): Price {
    const key = `part ${shape} ${part.firstChannel} ${part.channels} ${from} ${to}`;
    return this.#price(key, () => copyProgram(shape, from, to, part));
  }

  /**
   * Nodes that work in both layouts: a sum and an activation by movers, pools and normalisations by plain loops; what a
   * function of the caller's takes is not known and counts as nothing.
   */
  neutral(
    node: GraphNode,
    input: ImageShape | undefined,
    shape: ImageShape,
    scratch: readonly number[],
  ): readonly Alternative[] {
    let price = nothing;
    if (node.kind === "add" || node.kind === "activation") {
      const count = node.inputs.length;
      const { activation } = node;
      const key = `sum ${shape} ${count} ${JSON.stringify(activation)}`;
      price = this.#price(key, () => sumProgram(shape, count, activation, 0));
    }
    const { seconds, tableBytes } = price;
    const workspaceBytes = Math.max(price.workspaceBytes, ...scratch);
    return ([0, 1] as const).map((layout) => ({
      ...{ input: layout, output: layout, workspaceBytes, persistentBytes: tableBytes },
      seconds: seconds + this.#functionSeconds(node, input, shape, layouts[layout]),
    }));
  }

  #functionSeconds(node: GraphNode, input: ImageShape | undefined, output: ImageShape, layout: Layout): number {
    if (input === undefined || !isFunction(node)) return 0;
    const { model } = this.#circumstances;
    return model.nodeSeconds?.(node, input, output, layout) ?? functionSeconds(defaultNodeTerms, node, output);
  }

  /** Leaves out what gives an input or an output of the graph another layout than the caller wants. */
  fixLayouts(
    node: SelectionNode,
    graph: CheckedGraph,
    place: number,
  ): { readonly node: SelectionNode; readonly kept: readonly number[] } {
    const { inputLayout, outputLayout } = this.#circumstances;
    const wanted = graph.nodes[place].kind === "input" ? inputLayout : graph.kept[place] ? outputLayout : undefined;
    const kept = node.alternatives.flatMap(({ output }, at) =>
      wanted === undefined || layouts[output] === wanted ? [at] : [],
    );
    if (kept.length === 0) {
      throw convError("unsupported.layout", {
        where: `layer ${graph.nodes[place].name}`,
        what: "no candidate writes the layout that is wanted of outputs",
        wanted,
        fix: "override the layer otherwise, or leave the layout to the planner",
      });
    }
    return { node: { ...node, alternatives: kept.map((at) => node.alternatives[at]) }, kept };
  }

  #price(key: string, program: () => Program): Price {
    const known = this.#prices.get(key);
    if (known !== undefined) return known;
    const { provider, model, threads } = this.#circumstances;
    const price = priceProgram(program(), provider, model, threads);
    this.#prices.set(key, price);
    return price;
  }
}

function square<Entry>(
  entry: (from: Layout, to: Layout) => Entry,
): readonly [readonly [Entry, Entry], readonly [Entry, Entry]] {
  const [a, b] = layouts;
  return [
    [entry(a, a), entry(a, b)],
    [entry(b, a), entry(b, b)],
  ];
}
