import type { Buffer } from "../../src/arena/buffer.ts";
import { planArena } from "../../src/arena/plan-arena.ts";
import type { Selection } from "../../src/select/selection.ts";

/** What one choice takes, written down from the definitions and apart from the planner; only the arena is its own. */
export interface Weighed {
  readonly seconds: number;
  readonly bytes: number;
  readonly gaps: boolean;
}

export function weigh({ nodes, fixedBytes, pageBytes, outsideBytes }: Selection, choice: readonly number[]): Weighed {
  let seconds = 0;
  let persistent = fixedBytes;
  // A time for every node, and a tenth before it for each input that is copied.
  const buffers: { bytes: number; begin: number; end: number }[] = [];
  const tensor = new Map<number, { bytes: number; begin: number; end: number }>();
  const copied = (reader: number, input: number): number => {
    const { from, passages } = nodes[reader].inputs[input];
    const layout = nodes[from].alternatives[choice[from]].output;
    return passages[layout][nodes[reader].alternatives[choice[reader]].input].copyBytes;
  };
  const when = (reader: number, input: number): number =>
    copied(reader, input) > 0 ? reader - (nodes[reader].inputs.length - input) / 10 : reader;
  const lastRead = (writer: number): number => {
    if (nodes[writer].kept) return nodes.length;
    const reads = nodes.flatMap(({ inputs }, reader) =>
      inputs.flatMap(({ from }, input) => (from === writer ? [when(reader, input)] : [])),
    );
    return Math.max(writer, ...reads);
  };
  nodes.forEach((node, at) => {
    const own = node.alternatives[choice[at]];
    seconds += own.seconds;
    persistent += own.persistentBytes;
    let place: { bytes: number; begin: number; end: number } | undefined;
    node.inputs.forEach(({ from, passages }, input) => {
      const way = passages[nodes[from].alternatives[choice[from]].output][own.input];
      seconds += way.seconds;
      persistent += way.persistentBytes;
      let read = tensor.get(from) as { bytes: number; begin: number; end: number };
      let last = lastRead(from) === at;
      if (way.copyBytes > 0) {
        read = { bytes: way.copyBytes, begin: when(at, input), end: at };
        buffers.push(read);
        last = true;
      }
      const twice = node.inputs.filter((other) => other.from === from).length > 1;
      if (node.inPlace && place === undefined && last && !twice && read.bytes === node.outputBytes) place = read;
    });
    if (place === undefined) {
      place = { bytes: node.outputBytes, begin: at, end: at };
      buffers.push(place);
    }
    place.end = Math.max(place.end, lastRead(at));
    tensor.set(at, place);
    if (own.workspaceBytes > 0) buffers.push({ bytes: own.workspaceBytes, begin: at, end: at });
  });
  const arena = planArena(onTicks(buffers));
  const bytes = Math.ceil((persistent + arena.bytes) / pageBytes) * pageBytes + outsideBytes;
  return { seconds, bytes, gaps: arena.bytes > arena.lowerBoundBytes };
}

/** The same lifetimes in whole numbers. */
function onTicks(buffers: readonly Buffer[]): readonly Buffer[] {
  return buffers.map(({ bytes, begin, end }) => ({ bytes, begin: Math.round(begin * 10), end: Math.round(end * 10) }));
}
