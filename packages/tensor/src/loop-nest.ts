/** One loop over two tensors at once: its extent and its steps in elements. */
export interface LoopAxis {
  readonly extent: number;
  readonly source: number;
  readonly target: number;
}

/** Loops over two views of one shape: a plane of two axes inside of the rest, and the elements where they start. */
export interface LoopNest {
  readonly outer: readonly LoopAxis[];
  readonly rows: LoopAxis;
  /** The smallest step in the target, never negative. */
  readonly cols: LoopAxis;
  readonly sourceStart: number;
  readonly targetStart: number;
}

const once: LoopAxis = { extent: 1, source: 0, target: 0 };

/**
 * Orders the loops by the target, outermost first, and folds axes that continue each other in both tensors: two dense
 * tensors of one layout become a single row, and `nchw` to `nhwc` a transposition of c x (h * w) per image. If the
 * source is densest along another axis than the target, that axis becomes `rows`, so that the plane holds the dense
 * direction of both. Allocates a few small objects.
 */
export function loopNest(
  shape: readonly number[],
  source: readonly number[],
  target: readonly number[],
  sourceOffset: number,
  targetOffset: number,
): LoopNest {
  let sourceStart = sourceOffset;
  let targetStart = targetOffset;
  const axes: LoopAxis[] = [];
  for (let axis = 0; axis < shape.length; axis++) {
    const extent = shape[axis];
    if (extent === 1) continue;
    // Both are walked backwards where the target would be.
    const sign = target[axis] < 0 ? -1 : 1;
    if (sign < 0) {
      sourceStart += (extent - 1) * source[axis];
      targetStart += (extent - 1) * target[axis];
    }
    axes.push({ extent, source: sign * source[axis], target: sign * target[axis] });
  }
  axes.sort((a, b) => b.target - a.target);
  const outer = fold(axes);
  const cols = outer.pop() ?? once;
  const densest = densestInSource(outer, cols);
  const rows = densest < 0 ? (outer.pop() ?? once) : outer.splice(densest, 1)[0];
  return { outer, rows, cols, sourceStart, targetStart };
}

/** Calls `visit` with the first elements of every plane. */
export function forEachPlane(nest: LoopNest, visit: (source: number, target: number) => void): void {
  visitFrom(nest.outer, 0, nest.sourceStart, nest.targetStart, visit);
}

function visitFrom(
  outer: readonly LoopAxis[],
  depth: number,
  source: number,
  target: number,
  visit: (source: number, target: number) => void,
): void {
  if (depth === outer.length) {
    visit(source, target);
    return;
  }
  const axis = outer[depth];
  for (let i = 0; i < axis.extent; i++) {
    visitFrom(outer, depth + 1, source + i * axis.source, target + i * axis.target, visit);
  }
}

function fold(axes: readonly LoopAxis[]): LoopAxis[] {
  const folded: LoopAxis[] = [];
  for (const inner of axes) {
    const last = folded.at(-1);
    if (last && last.target === inner.target * inner.extent && last.source === inner.source * inner.extent) {
      folded[folded.length - 1] = { ...inner, extent: last.extent * inner.extent };
    } else {
      folded.push(inner);
    }
  }
  return folded;
}

/** The axis along which the source is denser than along `cols`, or -1. A repeated axis (step 0) does not count. */
function densestInSource(outer: readonly LoopAxis[], cols: LoopAxis): number {
  let best = -1;
  let step = Math.abs(cols.source);
  outer.forEach((axis, index) => {
    const candidate = Math.abs(axis.source);
    if (candidate > 0 && candidate < step) {
      best = index;
      step = candidate;
    }
  });
  return best;
}
