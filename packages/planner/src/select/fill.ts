import type { Choice, Selection } from "./selection.ts";

/** One node's change for the better: seconds saved for persistent bytes. */
interface Change {
  readonly node: number;
  readonly alternative: number;
  readonly seconds: number;
  readonly bytes: number;
}

/**
 * Spends bytes that a choice leaves on faster alternatives of single nodes between the same layouts, where they save most
 * for a byte. A price on bytes makes all equal layers change at once; this is what changes some of them.
 * @param may whether an alternative of a node may be taken
 */
export function fill(
  { nodes }: Selection,
  choice: Choice,
  spareBytes: number,
  may: (node: number, alternative: number) => boolean,
): Choice {
  const changes = nodes.flatMap(({ alternatives }, node) => {
    const own = alternatives[choice[node]];
    return alternatives.flatMap((other, alternative): Change[] => {
      const seconds = own.seconds - other.seconds;
      const same = other.input === own.input && other.output === own.output;
      if (!same || seconds <= 0 || !may(node, alternative)) return [];
      return [{ node, alternative, seconds, bytes: Math.max(0, other.persistentBytes - own.persistentBytes) }];
    });
  });
  changes.sort((a, b) => b.seconds * a.bytes - a.seconds * b.bytes || b.seconds - a.seconds || a.node - b.node);
  const filled = [...choice];
  let spare = spareBytes;
  for (const { node, alternative } of changes) {
    const { alternatives } = nodes[node];
    const [now, then] = [alternatives[filled[node]], alternatives[alternative]];
    const more = then.persistentBytes - now.persistentBytes;
    if (then.seconds >= now.seconds || more > spare) continue;
    filled[node] = alternative;
    spare -= more;
  }
  return filled;
}
