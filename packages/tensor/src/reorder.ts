import { convError } from "@leanconv/core";
import { planeCopy } from "./copy-plane.ts";
import { forEachPlane, loopNest } from "./loop-nest.ts";
import { assertWritable, isSameView, rangesOverlap } from "./overlap.ts";
import { assertView, type StridedView, sizeOf } from "./view.ts";

/**
 * Copies every element of `source` to the same logical index of `target`, from any strides to any strides. This is how
 * a tensor changes its layout; the shapes stay. One to six axes.
 *
 * A dense tensor of one layout is one `set`; between layouts the copy goes in tiles of 16 x 16. Elements of the
 * target's array that lie between those of the view are not touched. A target equal to the source is left as it is.
 * Allocates a few small objects for the loops, nothing per element.
 * @throws `argument.shape` if the shapes differ; `argument.range` if the ranges of memory overlap; `argument.strides` if
 * elements of the target share a place; the codes of `assertView`
 */
export function reorder(source: StridedView, target: StridedView): void {
  assertReorder(source, target, "reorder");
  if (sizeOf(source) === 0 || isSameView(source, target)) return;
  const nest = loopNest(source.shape, source.stride, target.stride, source.offset, target.offset);
  const { rows, cols } = nest;
  const copy = planeCopy(rows, cols);
  const from = source.data;
  const to = target.data;
  forEachPlane(nest, (sourceStart, targetStart) => copy(from, sourceStart, to, targetStart, rows, cols));
}

/** What every copy between two views asks of them. */
export function assertReorder(source: StridedView, target: StridedView, where: string): void {
  assertView(source, `${where}, source`);
  assertView(target, `${where}, target`);
  assertSameShape(source, target, where);
  assertWritable(target, `${where}, target`);
  if (rangesOverlap(source, target) && !isSameView(source, target)) {
    throw convError("argument.range", {
      where,
      what: "source and target overlap in memory, so that elements would be read after they were written",
      fix: "copy into other memory first",
    });
  }
}

/** @throws `argument.shape` */
export function assertSameShape(a: StridedView, b: StridedView, where: string): void {
  if (a.shape.length !== b.shape.length || a.shape.some((extent, axis) => extent !== b.shape[axis])) {
    throw convError("argument.shape", {
      where,
      what: "two views of different logical shapes",
      got: `[${[...a.shape]}] and [${[...b.shape]}]`,
      fix: "a layout changes strides only: give both shapes as [n, c, h, w] or [o, i, h, w]",
    });
  }
}
