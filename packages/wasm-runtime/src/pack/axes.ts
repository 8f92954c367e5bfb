import type { Levels, PackDescriptor } from "@leanconv/gemm";
import type { WasmForm } from "../forms.ts";

/** One axis of a filter: its steps, in elements, in the user's array and in the packed form, where rows are columns of panels. */
export interface PackAxis {
  readonly extent: number;
  readonly source: number;
  readonly target: number;
  readonly column: number;
}

/**
 * The axes of a filter in the order of the user's array, from the largest stride inwards, without those of one element.
 * Neighbours that can be walked as one are one.
 */
export function packAxes(pack: PackDescriptor, { batchStride, kStride }: WasmForm): readonly PackAxis[] {
  const axes = [
    ...indexed(pack.batch, batchStride, 0),
    ...indexed(pack.rows, 0, 1),
    ...indexed(pack.k, kStride, 0),
  ].filter(({ extent }) => extent !== 1);
  axes.sort((a, b) => Math.abs(b.source) - Math.abs(a.source));
  const merged: PackAxis[] = [];
  for (const axis of axes) {
    const outer = merged.at(-1);
    if (
      outer === undefined ||
      !(["source", "target", "column"] as const).every((step) => outer[step] === axis.extent * axis[step])
    ) {
      merged.push(axis);
    } else merged[merged.length - 1] = { ...axis, extent: outer.extent * axis.extent };
  }
  return merged;
}

/** The levels of an axis of the matrix; index i of it is `target * i` elements and `column * i` columns away. */
function indexed(levels: Levels, target: number, column: number): PackAxis[] {
  let index = 1;
  return levels
    .map((_, i) => levels[levels.length - 1 - i])
    .map(([extent, source]) => {
      const axis = { extent, source, target: target * index, column: column * index };
      index *= extent;
      return axis;
    });
}

/** Elements of the user's array from the first to the last that these axes reach. */
export function spanOf(axes: readonly PackAxis[]): number {
  return axes.reduce((span, { extent, source }) => span + (extent - 1) * Math.abs(source), 1);
}
