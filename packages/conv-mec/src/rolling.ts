import type { Frame } from "@leanconv/conv";
import { affine, loop, type Node, part, phase, type Step, serial } from "@leanconv/gemm";
import { type Lowered, lowering, loweringSource } from "./lowered.ts";
import { productBuilder, type Target } from "./products.ts";

/**
 * Rolling MEC (algorithms.md section 5.4): the lowered rows are a ring of as many rows as one output row needs, and
 * padded row r lies at place r modulo the ring. Every output row lowers the `sh` rows that are new to it.
 *
 * The place of an output row's first kernel row repeats every ring / gcd(ring, sh) output rows, called a turn here. One
 * turn is written out and looped over, and the output rows behind the last whole turn are written out once more. Within
 * a turn the products of every output row have other shapes, but for dilated kernels, where several rows are alike.
 */
export function rollingRows(frame: Frame, ring: Lowered, target: Target): Node[] {
  const { p } = frame;
  const turn = p.sh >= ring.rows ? 1 : ring.rows / gcd(ring.rows, p.sh);
  const whole = Math.floor(p.oh / turn);
  const lower = rowsInto(frame, ring);
  const multiply = rowProducts(frame, ring, target);
  const kept = ring.rows - newRows(frame, ring);
  const rows = (first: number, count: number, counter: Readonly<Record<string, number>>): Node[] =>
    ringRuns(frame, ring, first, count).map((run) => {
      const counters = { ...counter, row: 1 };
      const newest = lower(run.first * p.sh + kept, newRows(frame, ring), run.into, counters);
      return loop("row", run.count, [newest, ...multiply(run.first, run.place, run.before, counters)]);
    });

  const nodes: Node[] = [];
  if (kept > 0) nodes.push(lower(0, kept, 0, {}));
  if (whole > 0) nodes.push(loop("turn", whole, rows(0, turn, { turn })));
  nodes.push(...rows(whole * turn, p.oh - whole * turn, {}));
  return nodes;
}

/** Output rows one after the other whose kernel rows wrap alike; from row to row all places move by `sh`. */
interface RingRun {
  readonly first: number;
  readonly count: number;
  /** Of the first kernel row, and how many kernel rows lie before the end of the ring. */
  readonly place: number;
  readonly before: number;
  /** Of the first new row. */
  readonly into: number;
}

function ringRuns(frame: Frame, ring: Lowered, first: number, count: number): readonly RingRun[] {
  const { p } = frame;
  const step = newRows(frame, ring);
  const runs: RingRun[] = [];
  for (let oy = first; oy < first + count; oy++) {
    // The ring starts anew where output rows share no image row.
    const place = p.sh >= ring.rows ? 0 : (oy * p.sh) % ring.rows;
    const into = (place + ring.rows - step) % ring.rows;
    const before = Math.min(p.kh, Math.ceil((ring.rows - place) / p.dh));
    const last = runs.at(-1);
    const moved = last ? last.count * p.sh : 0;
    // New rows that wrap belong to places below `sh`, which continue no run.
    if (last?.before === before && place === last.place + moved && into === last.into + moved) {
      runs[runs.length - 1] = { ...last, count: last.count + 1 };
    } else {
      runs.push({ first: oy, count: 1, place, before, into });
    }
  }
  return runs;
}

/** Rows that an output row does not share with the one before. */
function newRows({ p }: Frame, ring: Lowered): number {
  return Math.min(p.sh, ring.rows);
}

/** Returns the maker of phases that lower `count` padded rows from `first` on to `place`, in two pieces at the wrap. */
function rowsInto(
  frame: Frame,
  ring: Lowered,
): (first: number, count: number, place: number, counter: Readonly<Record<string, number>>) => Node {
  const { p, x } = frame;
  const kernel = lowering(frame, ring, true);
  const source = loweringSource(frame, ring, { image: x.n });
  return (first, count, place, counter) => {
    const piece = (from: number, rows: number, to: number): Step => ({
      kernel,
      rows: { begin: affine(first + from, scaled(counter, p.sh)), count: rows, limit: p.ih + p.pt + p.pb },
      at: { source, target: { of: "lowered", ...affine(to * ring.row, placesBy(counter, p.sh * ring.row)) } },
    });
    const before = Math.min(count, ring.rows - place);
    const pieces = [part(1, piece(0, before, place))];
    if (count > before) pieces.push(part(1, piece(before, count - before, 0)));
    return phase(...pieces);
  };
}

/**
 * Returns the maker of one output row's products: kernel rows up to the end of the ring, then those from its start. Two
 * products with contiguous rows; with dilated rows one per kernel row. Each is a phase of its own, to be shared out.
 */
function rowProducts(
  frame: Frame,
  ring: Lowered,
  target: Target,
): (oy: number, place: number, before: number, counter: Readonly<Record<string, number>>) => Node[] {
  const { p } = frame;
  const build = productBuilder(frame, ring, target);
  return (oy, place, before, counter) => {
    const by = { ...target.by, ...scaled(counter, target.row) };
    const c = { of: "output", ...affine(target.at + oy * target.row, by) };
    const rowBy = placesBy(counter, p.sh);
    const steps = build(0, before, affine(place, rowBy), c, { first: true, last: before === p.kh });
    if (before < p.kh) {
      const wrapped = affine(place + before * p.dh - ring.rows, rowBy);
      steps.push(...build(before, p.kh - before, wrapped, c, { first: false, last: true }));
    }
    return steps.map((step) => serial(step));
  };
}

function scaled(counter: Readonly<Record<string, number>>, by: number): Record<string, number> {
  return Object.fromEntries(Object.entries(counter).map(([name, stride]) => [name, stride * by]));
}

/** Places in the ring are the same in every turn. */
function placesBy({ row = 0 }: Readonly<Record<string, number>>, by: number): Record<string, number> {
  return row === 0 ? {} : { row: row * by };
}

function gcd(a: number, b: number): number {
  return b === 0 ? a : gcd(b, a % b);
}
