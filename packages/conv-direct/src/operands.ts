import type { ConvProblem } from "@leanconv/conv";
import { convError } from "@leanconv/core";

/** Numbers with logical axes: any strided view has this form. Strides are in elements and may be negative or zero. */
export interface DirectView {
  readonly data: Float32Array | Float64Array;
  readonly shape: readonly number[];
  readonly stride: readonly number[];
  readonly offset: number;
}

/** What a convolution reads. */
export interface DirectOperands {
  /** `[n, ic, ih, iw]`, in this order of axes whatever the layout. */
  readonly input: DirectView;
  /** `[oc, ic / groups, kh, kw]`. */
  readonly filter: DirectView;
  /** `[oc]`, exactly if the problem has a bias. */
  readonly bias?: ArrayLike<number> | undefined;
  /** One value or `[oc]`, exactly if the activation is prelu. */
  readonly slopes?: ArrayLike<number> | undefined;
}

/** @throws `argument.shape`, `argument.bias`, `argument.slopes` */
export function checkOperands(p: ConvProblem, { input, filter, bias, slopes }: DirectOperands): void {
  checkView(input, [p.n, p.ic, p.ih, p.iw], "input");
  checkView(filter, [p.oc, p.ic / p.groups, p.kh, p.kw], "filter");
  if ((bias?.length ?? 0) !== (p.bias ? p.oc : 0)) {
    const wanted = p.bias ? `${p.oc} values` : "none, as in the problem";
    throw convError("argument.bias", {
      where: "directConv2d",
      what: "another bias",
      got: bias?.length ?? "none",
      wanted,
    });
  }
  const takesSlopes = p.activation?.kind === "prelu";
  const count = slopes?.length ?? 0;
  if (takesSlopes ? count !== 1 && count !== p.oc : count !== 0) {
    const wanted = takesSlopes ? `1 or ${p.oc} values` : "none, as the activation is not prelu";
    throw convError("argument.slopes", { where: "directConv2d", what: "other slopes", got: count || "none", wanted });
  }
}

/** Holds a view against the expected shape, and its furthest elements against its data. */
export function checkView(view: DirectView, shape: readonly number[], name: string): void {
  const where = `directConv2d: ${name}`;
  if (view.shape.length !== shape.length || view.shape.some((size, axis) => size !== shape[axis])) {
    throw convError("argument.shape", { where, what: "another shape", got: view.shape, wanted: shape });
  }
  let [first, last] = [view.offset, view.offset];
  for (const [axis, size] of shape.entries()) {
    const reach = (size - 1) * view.stride[axis];
    if (reach < 0) first += reach;
    else last += reach;
  }
  if (!(first >= 0 && last < view.data.length)) {
    throw convError("argument.shape", {
      where,
      what: "the view leaves its data",
      got: `elements ${first} to ${last}`,
      wanted: `0 to ${view.data.length - 1}`,
    });
  }
}

/** The slope of channel `oc`; 0 where the activation has none. */
export function slopeOf(slopes: ArrayLike<number> | undefined, oc: number): number {
  if (slopes === undefined) return 0;
  return slopes.length === 1 ? slopes[0] : slopes[oc];
}
