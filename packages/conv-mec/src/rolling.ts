import type { Frame } from "@leanconv/conv";
import { affine, loop, type Node, part, phase, type Step, serial } from "@leanconv/gemm";
import { type Lowered, lowering, loweringSource } from "./lowered.ts";
import { productBuilder, type Target } from "./products.ts";

/**
 * Rolling MEC (algorithms.md section 5.4): the lowered rows are a ring of as many rows as one output row needs, and
 * padded row r lies at place r modulo the ring. Every output row lowers the `sh` rows that are new to it.
 *
 * The place of an output row's first kernel row repeats every ring / gcd(ring, sh) output rows, called a turn here, and
 * its products have other shapes at every place. So one turn is written out and looped over, and the output rows behind
 * the last whole turn are written out once more.
 */
export function rollingRows(frame: Frame, ring: Lowered, target: Target): Node[] {
  const { p } = frame;
  const step = Math.min(p.sh, ring.rows);
  const turn = p.sh >= ring.rows ? 1 : ring.rows / gcd(ring.rows, p.sh);
  const whole = Math.floor(p.oh / turn);
  const lower = rowsInto(frame, ring, target);
  const multiply = rowProducts(frame, ring, target);
  const rows = (first: number, count: number, counter: Record<string, number>): Node[] =>
    Array.from({ length: count }, (_, index) => {
      const oy = first + index;
      // The ring restarts where output rows share no image row.
      const place = p.sh >= ring.rows ? 0 : (oy * p.sh) % ring.rows;
      const kept = ring.rows - step;
      return [lower(oy * p.sh + kept, step, (place + kept) % ring.rows, counter), ...multiply(oy, place, counter)];
    }).flat();

  const nodes: Node[] = [];
  if (step < ring.rows) nodes.push(lower(0, ring.rows - step, 0, {}));
  nodes.push(loop("turn", whole, rows(0, turn, { turn })));
  nodes.push(...rows(whole * turn, p.oh - whole * turn, {}));
  return nodes;
}

/** The phase that lowers `count` padded rows from `first` on to `place` of the ring, in two pieces where it wraps. */
function rowsInto(
  frame: Frame,
  ring: Lowered,
  { by }: Target,
): (first: number, count: number, place: number, counter: Readonly<Record<string, number>>) => Node {
  const { p } = frame;
  const kernel = lowering(frame, ring, true);
  const source = loweringSource(frame, ring, by.image === undefined ? {} : { image: frame.x.n });
  return (first, count, place, counter) => {
    const piece = (from: number, rows: number, to: number): Step => ({
      kernel,
      rows: {
        begin: affine(first + from, scaled(counter, p.sh)),
        count: rows,
        limit: p.ih + p.pt + p.pb,
      },
      at: { source, target: { of: "lowered", at: to * ring.row } },
    });
    const before = Math.min(count, ring.rows - place);
    const pieces = [part(1, piece(0, before, place))];
    if (count > before) pieces.push(part(1, piece(before, count - before, 0)));
    return phase(...pieces);
  };
}

/**
 * The products of one output row: kernel rows up to the end of the ring, then those from its start. Two products with
 * contiguous rows; with dilated rows one per kernel row. Each is a phase of its own, so that it can be shared out.
 */
function rowProducts(
  frame: Frame,
  ring: Lowered,
  target: Target,
): (oy: number, place: number, counter: Readonly<Record<string, number>>) => Node[] {
  const { p } = frame;
  const build = productBuilder(frame, ring, target);
  return (oy, place, counter) => {
    const by = { ...target.by, ...scaled(counter, target.row) };
    const c = { of: "output", ...affine(target.at + oy * target.row, by) };
    const before = Math.min(p.kh, Math.ceil((ring.rows - place) / p.dh));
    const steps = build(0, before, affine(place), c, { first: true, last: before === p.kh });
    if (before < p.kh) {
      const from = place + before * p.dh - ring.rows;
      steps.push(...build(before, p.kh - before, affine(from), c, { first: false, last: true }));
    }
    return steps.map((step) => serial(step));
  };
}

function scaled(counter: Readonly<Record<string, number>>, by: number): Record<string, number> {
  return Object.fromEntries(Object.entries(counter).map(([name, stride]) => [name, stride * by]));
}

function gcd(a: number, b: number): number {
  return b === 0 ? a : gcd(b, a % b);
}
