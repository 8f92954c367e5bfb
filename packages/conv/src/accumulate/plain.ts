import { affine, type PlainB, type Step } from "@leanconv/gemm";
import { activateOutput, channelVectors, epilogue, type Frame, fillBias } from "../frame.ts";
import { coversOutput, type LiveTap, liveTaps, type StripRun } from "./strips.ts";

/** How one tap's product reads its pixels: an operand and where the first pixel lies. */
export interface TapProduct {
  readonly tap: LiveTap;
  /** Pixels on two levels: all rows in one product, or one row where `times` repeats it. */
  readonly rows: number;
  readonly cols: number;
  readonly b: PlainB;
  readonly of: string;
  readonly from: number;
  readonly fromBy: Readonly<Record<string, number>>;
  /** First output row and column, and the output's rows per counter. */
  readonly row: number;
  readonly col: number;
  readonly rowBy: Readonly<Record<string, number>>;
  readonly times?: number;
  /** Distance of the output's rows in this product (default: the output's own). */
  readonly flat?: boolean;
}

/** Which products begin and finish the output, and whether movers have to do it. */
export interface Edges {
  /** The tap whose product begins every output with beta 0 and the bias; else the bias is filled in first. */
  readonly first: LiveTap | undefined;
  /** The tap whose product also applies the activation: only where a single one covers everything. */
  readonly last: LiveTap | undefined;
}

export function edgesOf({ p }: Frame): Edges {
  const live = liveTaps(p);
  const covers = live.length > 0 && coversOutput(p, live[0]);
  return { first: covers ? live[0] : undefined, last: covers && live.length === 1 ? live[0] : undefined };
}

/** The GEMM of one tap on plain operands, for one group of one image. */
export function tapStep(frame: Frame, edges: Edges, product: TapProduct): Step {
  const { p, y, icg, ocg, a, kernels } = frame;
  const { tap, rows, cols, b, of, from, fromBy, row, col, rowBy, times, flat } = product;
  const kernel = kernels.kernel({
    ...{ kind: "gemm", dtype: "float32", m: ocg, k: icg, rows, cols, a, b },
    c: { m: y.c, row: flat ? 0 : y.h, col: y.w },
    ...epilogue(p, { first: tap.index === edges.first?.index, last: tap.index === edges.last?.index }),
  });
  const outputBy = Object.fromEntries(Object.entries(rowBy).map(([name, step]) => [name, step * y.h]));
  return {
    kernel,
    ...(times !== undefined && times > 1 && { times }),
    at: {
      a: { of: "weights", ...affine(0, { group: 1 }), k: { at: tap.index * icg } },
      b: { of, ...affine(from, fromBy) },
      c: { of: "output", ...affine(row * y.h + col * y.w, { image: y.n, group: ocg * y.c, ...outputBy }) },
      ...channelVectors(p, 0, { group: ocg }),
    },
  };
}

/** Bias before the first product of a run of strips, where no tap begins the output. */
export function beginSteps(frame: Frame, edges: Edges, run: StripRun, counter: string): readonly Step[] {
  return edges.first ? [] : [overRows(frame, run, counter, fillBias)];
}

/** The activation after the last product of a run of strips, where no tap applies it. */
export function finishSteps(frame: Frame, edges: Edges, run: StripRun, counter: string): readonly Step[] {
  return edges.last || !frame.p.activation ? [] : [overRows(frame, run, counter, activateOutput as typeof fillBias)];
}

function overRows(frame: Frame, run: StripRun, counter: string, mover: typeof fillBias): Step {
  const { p, y, ocg } = frame;
  const output = { of: "output", ...affine(0, { image: y.n, group: ocg * y.c }) };
  const begin = affine(run.first, run.times > 1 ? { [counter]: run.height } : {});
  return { ...mover(frame, ocg, output, { group: ocg }), rows: { begin, count: run.height, limit: p.oh } };
}
