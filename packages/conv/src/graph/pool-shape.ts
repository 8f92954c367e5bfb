import { convError } from "@leanconv/core";
import { checkWhole } from "../problem.ts";
import type { ImageShape, PoolNode } from "./graph.ts";

/**
 * The shape that a pool gives. With `ceil`, the last window may hang over the end but starts inside of the padded image.
 * @throws `argument.shape`, `argument.strides`, `argument.padding`, `argument.kernel-exceeds-input`
 */
export function poolShape(node: PoolNode, [n, c, ih, iw]: ImageShape, where: string): ImageShape {
  const { kernel, strides, padding = [0, 0, 0, 0], ceil = false } = node;
  const [top, bottom, left, right] = padding;
  const size = (axis: 0 | 1, extent: number, before: number, after: number): number => {
    const window = kernel[axis];
    checkWhole(window, 1, "argument.shape", `${where}: kernel`);
    checkWhole(strides[axis], 1, "argument.strides", `${where}: strides`);
    for (const pad of [before, after]) checkWhole(pad, 0, "argument.padding", `${where}: padding`);
    if (before >= window || after >= window) {
      const what = "padding as wide as the window";
      throw convError("argument.padding", { where, what, got: [...padding], wanted: `less than ${window}` });
    }
    const rest = extent + before + after - window;
    if (rest < 0) {
      const what = "the window does not fit the padded image";
      throw convError("argument.kernel-exceeds-input", { where, what, got: window, wanted: extent + before + after });
    }
    const windows = (ceil ? Math.ceil(rest / strides[axis]) : Math.floor(rest / strides[axis])) + 1;
    return ceil && (windows - 1) * strides[axis] >= extent + before ? windows - 1 : windows;
  };
  return [n, c, size(0, ih, top, bottom), size(1, iw, left, right)];
}
