// What there is to choose in a network, as numbers: no algorithm, no provider, no name. Layouts are 0 (nchw) and 1 (nhwc).

export type LayoutIndex = 0 | 1;

/** One way to run a node. */
export interface Alternative {
  /** Of what it reads. Nodes without an input have the same here as for their output. */
  readonly input: LayoutIndex;
  readonly output: LayoutIndex;
  readonly seconds: number;
  /** Alive while the node runs. Multiples of the alignment, as all sizes here. */
  readonly workspaceBytes: number;
  /** Kept for as long as the model is. */
  readonly persistentBytes: number;
}

/** What it takes to bring a tensor to a reader, by the layouts of its writer and its reader. */
export interface Passage {
  readonly seconds: number;
  readonly persistentBytes: number;
  /** A second copy of the tensor: written before the reader runs, alive until it has. 0 where none is made. */
  readonly copyBytes: number;
}

export interface Edge {
  /** Index of the writing node, smaller than the reader's. */
  readonly from: number;
  /** passages[layout of the writer][layout of the reader]. */
  readonly passages: readonly [readonly [Passage, Passage], readonly [Passage, Passage]];
}

export interface SelectionNode {
  /** Not empty. */
  readonly alternatives: readonly Alternative[];
  readonly outputBytes: number;
  /** In the order in which they are read. */
  readonly inputs: readonly Edge[];
  /** The output may take the place of an input of the same size that nobody reads later. */
  readonly inPlace: boolean;
  /** Read by the caller when all has run. */
  readonly kept: boolean;
}

/** Nodes in the order in which they run. */
export interface Selection {
  readonly nodes: readonly SelectionNode[];
  /** Whatever is chosen: the provider's own. */
  readonly fixedBytes: number;
  /** What lies in the heap is rounded up to this. */
  readonly pageBytes: number;
  /** What the provider keeps besides the heap: part of the total, and of no page. */
  readonly outsideBytes: number;
}

/** The index of an alternative for every node. */
export type Choice = readonly number[];
