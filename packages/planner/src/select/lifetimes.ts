import type { Buffer } from "../arena/buffer.ts";
import type { Choice, Passage, Selection } from "./selection.ts";

export interface PlacedUse extends Buffer {
  readonly kind: "tensor" | "copy" | "workspace";
  /** The node that writes it, or whose workspace it is. */
  readonly node: number;
  /** Which input of the node it is a copy of. */
  readonly input?: number;
}

/** Everything transient that a choice needs. */
export interface Lifetimes {
  readonly buffers: readonly PlacedUse[];
  /** The buffer of every node's output; two nodes may share one. */
  readonly outputs: readonly number[];
  /** The buffer that every node's inputs are read from. */
  readonly inputs: readonly (readonly number[])[];
  /** The buffer of every node's workspace, -1 for none. */
  readonly workspaces: readonly number[];
  /** The time at which every node runs; its copies are made at the times before, one each. */
  readonly times: readonly number[];
}

/** The way a node's input takes under a choice. */
export function passageOf(selection: Selection, choice: Choice, node: number, input: number): Passage {
  const { inputs, alternatives } = selection.nodes[node];
  const { from, passages } = inputs[input];
  const writer = selection.nodes[from].alternatives[choice[from]];
  return passages[writer.output][alternatives[choice[node]].input];
}

/** The times at which nodes run: every input has a time of its own before, in case it is copied. */
export function runTimes(selection: Selection): readonly number[] {
  let time = 0;
  return selection.nodes.map(({ inputs }) => {
    time += inputs.length;
    return time++;
  });
}

/**
 * The transient buffers of a choice with their lifetimes. A tensor lives from its writer to its last reader (to the end
 * if it is kept, where it is made if nobody reads it); a reader of another layout has a copy of its own.
 */
export function lifetimes(selection: Selection, choice: Choice, times: readonly number[]): Lifetimes {
  const { nodes } = selection;
  const end = times.length === 0 ? 0 : times[times.length - 1];
  const buffers: (PlacedUse & { end: number })[] = [];
  const outputs: number[] = [];
  const inputs: number[][] = [];
  const workspaces: number[] = [];
  // When every tensor is read for the last time: by a copy, or by the reader itself.
  const last = nodes.map(({ kept }, node) => (kept ? end : times[node]));
  for (let node = 0; node < nodes.length; node++) {
    const edges = nodes[node].inputs;
    for (let input = 0; input < edges.length; input++) {
      const copied = passageOf(selection, choice, node, input).copyBytes > 0;
      const time = copied ? times[node] - edges.length + input : times[node];
      last[edges[input].from] = Math.max(last[edges[input].from], time);
    }
  }
  for (let node = 0; node < nodes.length; node++) {
    const { inputs: edges, outputBytes, alternatives, inPlace } = nodes[node];
    const time = times[node];
    const read: number[] = [];
    let place = -1;
    for (let input = 0; input < edges.length; input++) {
      const { from } = edges[input];
      const { copyBytes } = passageOf(selection, choice, node, input);
      let at = outputs[from];
      if (copyBytes > 0) {
        at = buffers.length;
        buffers.push({ kind: "copy", node, input, bytes: copyBytes, begin: time - edges.length + input, end: time });
      }
      read.push(at);
      const free = copyBytes > 0 || (last[from] === time && !nodes[from].kept);
      const alone = edges.every((other, index) => index === input || other.from !== from);
      if (inPlace && place < 0 && free && alone && buffers[at].bytes === outputBytes) place = at;
    }
    inputs.push(read);
    if (place < 0) {
      place = buffers.length;
      buffers.push({ kind: "tensor", node, bytes: outputBytes, begin: time, end: last[node] });
    } else {
      buffers[place].end = Math.max(buffers[place].end, last[node]);
    }
    outputs.push(place);
    const { workspaceBytes } = alternatives[choice[node]];
    workspaces.push(workspaceBytes === 0 ? -1 : buffers.length);
    if (workspaceBytes > 0) buffers.push({ kind: "workspace", node, bytes: workspaceBytes, begin: time, end: time });
  }
  return { buffers, outputs, inputs, workspaces, times };
}
