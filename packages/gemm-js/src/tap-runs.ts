import type { PatchB, Tap } from "@leanconv/gemm";

/** One tap, or three of one kernel row at equal distances, which one loop adds to a row of pixels. */
export interface TapRun {
  readonly length: 1 | 3;
  /** The number of its first tap. */
  readonly first: number;
  readonly dy: number;
  readonly dx: number;
  /** Distance of its taps, in columns of the image. */
  readonly spacing: number;
  /** Pixels [low, high) of a row have all of its taps inside of the image in x. */
  readonly low: number;
  readonly high: number;
}

/** The taps of a patch in their order, in runs of three where there are three alike. */
export function tapRuns({ taps, sw, iw }: PatchB, cols: number): TapRun[] {
  const runs: TapRun[] = [];
  let first = 0;
  while (first < taps.length) {
    const length = isTriple(taps, first) ? 3 : 1;
    const { dy, dx } = taps[first];
    const members = taps.slice(first, first + length);
    const low = Math.min(cols, Math.max(0, ...members.map((tap) => Math.ceil(-tap.dx / sw))));
    const high = Math.min(cols, ...members.map((tap) => Math.floor((iw - 1 - tap.dx) / sw) + 1));
    const spacing = length === 3 ? members[1].dx - dx : 0;
    runs.push({ length, first, dy, dx, spacing, low, high: Math.max(low, high) });
    first += length;
  }
  return runs;
}

function isTriple(taps: readonly Tap[], first: number): boolean {
  if (first + 3 > taps.length) return false;
  const [a, b, c] = taps.slice(first, first + 3);
  return a.dy === b.dy && b.dy === c.dy && b.dx - a.dx === c.dx - b.dx;
}
