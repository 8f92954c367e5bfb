/** A function of one size at some points, ascending: between them it is interpolated, outside of them constant. */
export interface Curve {
  readonly at: readonly number[];
  readonly values: readonly number[];
}

/** A positive function of three sizes on a grid; `values` run over m, then n, then k. */
export interface Grid {
  readonly m: readonly number[];
  readonly n: readonly number[];
  readonly k: readonly number[];
  readonly values: readonly number[];
}

/** Linear in the logarithm of the size: what matters about a size is its order of magnitude. */
export function onCurve({ at, values }: Curve, size: number): number {
  const { index, weight } = locate(at, size);
  return weight === 0 ? values[index] : values[index] * (1 - weight) + values[index + 1] * weight;
}

/**
 * Linear in the logarithms of sizes and values, which is exact for every product of powers. Outside of the grid the
 * nearest point of it counts.
 */
export function onGrid(grid: Grid, m: number, n: number, k: number): number {
  const places = [locate(grid.m, m), locate(grid.n, n), locate(grid.k, k)];
  let logarithm = 0;
  for (let corner = 0; corner < 8; corner++) {
    let weight = 1;
    const indices = places.map((place, axis) => {
      const upper = (corner >> axis) & 1;
      weight *= upper ? place.weight : 1 - place.weight;
      return place.index + upper;
    });
    if (weight > 0) {
      logarithm +=
        weight * Math.log(grid.values[(indices[0] * grid.n.length + indices[1]) * grid.k.length + indices[2]]);
    }
  }
  return Math.exp(logarithm);
}

/** The point at or below a size, and how far towards the next one it lies. */
function locate(at: readonly number[], size: number): { readonly index: number; readonly weight: number } {
  if (size <= at[0]) return { index: 0, weight: 0 };
  const above = at.findIndex((point) => point > size);
  if (above < 0) return { index: at.length - 1, weight: 0 };
  const index = above - 1;
  return { index, weight: Math.log(size / at[index]) / Math.log(at[above] / at[index]) };
}
