import { channelVectors, epilogue, type Frame } from "@leanconv/conv";
import { type Address, affine, type Part, part, type Step, type TargetC } from "@leanconv/gemm";
import { type Lowered, loweredB, loweredRow } from "./lowered.ts";

/** Where output rows go: C of the products, and the distance of two output rows. */
export interface Target {
  readonly c: TargetC;
  readonly row: number;
  /** Images in one product. */
  readonly images: number;
  /** Element of the output that row 0 begins at, and how it moves with the loops around. */
  readonly at: number;
  readonly by: Readonly<Record<string, number>>;
}

/** Consecutive output rows whose products have the same shape: kernel rows [i0, i1) meet rows that are kept. */
interface RowRun {
  readonly first: number;
  readonly count: number;
  readonly i0: number;
  readonly i1: number;
}

/**
 * One product per output row, all independent of each other: k runs over kernel rows [i0, i1), which is a contiguous
 * range of the lowered matrix because neighbouring image rows lie next to each other (algorithms.md section 5.1). With
 * dilated rows they do not, and there are i1 - i0 accumulating products instead (section 5.4).
 */
export function outputRows(frame: Frame, lowered: Lowered, target: Target): readonly Part[] {
  const { p } = frame;
  const build = productBuilder(frame, lowered, target);
  return rowRuns(frame, lowered).map(({ first, count, i0, i1 }) => {
    const c = target.at + first * target.row;
    const place: Address = { of: "output", ...affine(c, { ...target.by, part: target.row }) };
    const start = first * p.sh - lowered.skip + i0 * p.dh;
    // Without a kernel row k is 0 and nothing is read.
    const row = i1 > i0 ? affine(start, { part: p.sh }) : affine(0);
    return part(count, ...build(i0, i1 - i0, row, place));
  });
}

/** Steps that multiply kernel rows `i0` to `i0 + count` with the lowered rows from `row` on, into `c`. */
type Build = (
  i0: number,
  count: number,
  row: ReturnType<typeof affine>,
  c: Address,
  ends?: { readonly first: boolean; readonly last: boolean },
) => Step[];

/** Returns the maker of products; kernels of the same shape are made once. */
export function productBuilder(frame: Frame, lowered: Lowered, target: Target): Build {
  const { p, icg, ocg, a, kernels } = frame;
  const depth = p.kw * icg;
  const known = new Map<string, number>();
  const gemm = (rows: number, first: boolean, last: boolean): number => {
    const key = `${rows} ${first} ${last}`;
    const found = known.get(key);
    if (found !== undefined) return found;
    const kernel = kernels.kernel({
      ...{ kind: "gemm", dtype: "float32", m: ocg, k: rows * depth, rows: target.images, cols: p.ow, a },
      ...{ b: loweredB(frame, lowered), c: target.c, ...epilogue(p, { first, last }) },
    });
    known.set(key, kernel);
    return kernel;
  };
  const vectors = channelVectors(p, 0, { group: ocg });
  return (i0, count, row, c, { first, last } = { first: true, last: true }) => {
    const step = (from: number, rows: number, times: number, isFirst: boolean, isLast: boolean): Step => ({
      kernel: gemm(rows, isFirst, isLast),
      ...(times > 1 && { times }),
      at: {
        a: {
          ...{ of: "weights", ...affine(0, { group: 1 }) },
          k: affine((i0 + from) * depth, times > 1 ? { step: depth } : {}),
        },
        b: loweredRow(frame, lowered, affine(row.at + from * p.dh, { ...row.by, ...(times > 1 && { step: p.dh }) })),
        c,
        ...vectors,
      },
    });
    if (p.dh === 1 || count <= 1) return [step(0, count, 1, first, last)];
    const begin = first ? 1 : 0;
    const end = last ? count - 1 : count;
    const steps: Step[] = [];
    if (first) steps.push(step(0, 1, 1, true, false));
    if (end > begin) steps.push(step(begin, 1, end - begin, false, false));
    if (last) steps.push(step(end, 1, 1, false, true));
    return steps;
  };
}

/** The output rows in runs. Rows of the padding are skipped by skipping kernel rows; a run may have none left. */
function rowRuns({ p }: Frame, { rows, skip }: Lowered): readonly RowRun[] {
  const runs: { first: number; count: number; i0: number; i1: number }[] = [];
  for (let oy = 0; oy < p.oh; oy++) {
    const top = oy * p.sh - skip;
    let i0 = Math.max(0, Math.ceil(-top / p.dh));
    let i1 = Math.min(p.kh, Math.floor((rows - 1 - top) / p.dh) + 1);
    if (i1 <= i0) i0 = i1 = 0;
    const run = runs.at(-1);
    if (run && run.i0 === i0 && run.i1 === i1) run.count++;
    else runs.push({ first: oy, count: 1, i0, i1 });
  }
  return runs;
}
