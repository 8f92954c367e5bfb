/** Movers loop over exactly this many axes; shorter lists get leading axes of extent 1. */
export const axes = 6;

/** `values` behind as many leading `fill` as make six. */
export function padAxes(values: readonly number[], fill: number): Int32Array {
  const padded = new Int32Array(axes).fill(fill);
  padded.set(values, axes - values.length);
  return padded;
}

/** The axis to deal out to threads: the longest one, the innermost only where all others are 1. */
export function dealtAxis(extents: Int32Array): number {
  let axis = axes - 1;
  let longest = 1;
  for (let i = 0; i < axes - 1; i++) {
    if (extents[i] > longest) {
      axis = i;
      longest = extents[i];
    }
  }
  return axis;
}
