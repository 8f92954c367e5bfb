// One side of Winograd's transforms on vectors (Lavin and Gray, section 4; matrices in gemm/src/winograd.ts). A pass takes
// `n` columns or rows: vectors `from` + i * step + k * element become vectors `to` + i * toStep + r * toElement.
// Only additions and multiplications, so that all variants give the same bits.

export function inputPass(
  tile: i32, from: usize, step: usize, element: usize, to: usize, toStep: usize, toElement: usize, n: i32,
): void {
  for (let i = 0; i < n; i++) {
    const x0 = v128.load(from);
    const x1 = v128.load(from + element);
    const x2 = v128.load(from + 2 * element);
    const x3 = v128.load(from + 3 * element);
    if (tile == 2) store2(to, toElement, x0, x1, x2, x3);
    else store4(to, toElement, x0, x1, x2, x3, v128.load(from + 4 * element), v128.load(from + 5 * element));
    from += step;
    to += toStep;
  }
}

@inline
export function store2(to: usize, element: usize, x0: v128, x1: v128, x2: v128, x3: v128): void {
  v128.store(to, f32x4.sub(x0, x2));
  v128.store(to + element, f32x4.add(x1, x2));
  v128.store(to + 2 * element, f32x4.sub(x2, x1));
  v128.store(to + 3 * element, f32x4.sub(x1, x3));
}

@inline
export function store4(to: usize, element: usize, x0: v128, x1: v128, x2: v128, x3: v128, x4: v128, x5: v128): void {
  const four = f32x4.splat(4);
  const five = f32x4.splat(5);
  const even = f32x4.sub(x4, f32x4.mul(four, x2));
  const odd = f32x4.sub(x3, f32x4.mul(four, x1));
  v128.store(to, f32x4.add(f32x4.sub(f32x4.mul(four, x0), f32x4.mul(five, x2)), x4));
  v128.store(to + element, f32x4.add(even, odd));
  v128.store(to + 2 * element, f32x4.sub(even, odd));
  const half = f32x4.sub(x4, x2);
  const double = f32x4.sub(x3, x1);
  const twice = f32x4.add(double, double);
  v128.store(to + 3 * element, f32x4.add(half, twice));
  v128.store(to + 4 * element, f32x4.sub(half, twice));
  v128.store(to + 5 * element, f32x4.add(f32x4.sub(f32x4.mul(four, x1), f32x4.mul(five, x3)), x5));
}

export function outputPass(
  tile: i32, from: usize, step: usize, element: usize, to: usize, toStep: usize, toElement: usize, n: i32,
): void {
  for (let i = 0; i < n; i++) {
    const x0 = v128.load(from);
    const x1 = v128.load(from + element);
    const x2 = v128.load(from + 2 * element);
    const x3 = v128.load(from + 3 * element);
    const sum = f32x4.add(x1, x2);
    const difference = f32x4.sub(x1, x2);
    if (tile == 2) {
      v128.store(to, f32x4.add(x0, sum));
      v128.store(to + toElement, f32x4.sub(difference, x3));
    } else {
      const x4 = v128.load(from + 4 * element);
      const sum2 = f32x4.add(x3, x4);
      const difference2 = f32x4.sub(x3, x4);
      v128.store(to, f32x4.add(f32x4.add(x0, sum), sum2));
      v128.store(to + toElement, f32x4.add(difference, f32x4.add(difference2, difference2)));
      v128.store(to + 2 * toElement, f32x4.add(sum, f32x4.mul(f32x4.splat(4), sum2)));
      v128.store(
        to + 3 * toElement,
        f32x4.add(f32x4.add(difference, f32x4.mul(f32x4.splat(8), difference2)), v128.load(from + 5 * element)),
      );
    }
    from += step;
    to += toStep;
  }
}

function filterPass(
  tile: i32, from: usize, step: usize, element: usize, to: usize, toStep: usize, toElement: usize, n: i32,
): void {
  for (let i = 0; i < n; i++) {
    const g0 = v128.load(from);
    const g1 = v128.load(from + element);
    const g2 = v128.load(from + 2 * element);
    const ends = f32x4.add(g0, g2);
    if (tile == 2) {
      const half = f32x4.splat(0.5);
      const outer = f32x4.mul(ends, half);
      const inner = f32x4.mul(g1, half);
      v128.store(to, g0);
      v128.store(to + toElement, f32x4.add(outer, inner));
      v128.store(to + 2 * toElement, f32x4.sub(outer, inner));
      v128.store(to + 3 * toElement, g2);
    } else {
      const sixth = f32x4.splat(1.0 / 6.0);
      const outer = f32x4.mul(ends, f32x4.splat(-1.0 / 6.0));
      const inner = f32x4.mul(g1, sixth);
      const outer2 = f32x4.add(f32x4.mul(g0, f32x4.splat(1.0 / 24.0)), f32x4.mul(g2, sixth));
      const inner2 = f32x4.mul(g1, f32x4.splat(1.0 / 12.0));
      v128.store(to, f32x4.mul(g0, f32x4.splat(0.25)));
      v128.store(to + toElement, f32x4.sub(outer, inner));
      v128.store(to + 2 * toElement, f32x4.add(outer, inner));
      v128.store(to + 3 * toElement, f32x4.add(outer2, inner2));
      v128.store(to + 4 * toElement, f32x4.sub(outer2, inner2));
      v128.store(to + 5 * toElement, g2);
    }
    from += step;
    to += toStep;
  }
}

/**
 * (m + 2)^2 matrices of `size` bytes from `base`, the last nine of which hold the taps of filters: each becomes its
 * transform, in place, four at a time. `scratch` holds 18 vectors, and 36 more for a remainder.
 */
export function transformFilters(tile: i32, base: usize, size: usize, scratch: usize): void {
  const q = tile + 2;
  const taps = base + <usize>(q * q - 9) * size;
  let at: usize = 0;
  for (; at + 16 <= size; at += 16) {
    // Columns of the taps to scratch[i][column], then its rows to the points.
    filterPass(tile, taps + at, size, 3 * size, scratch, 16, 48, 3);
    filterPass(tile, scratch, 48, 16, base + at, <usize>q * size, size, q);
  }
  if (at == size) return;
  const rest = scratch + 18 * 16;
  for (let tap = 0; tap < 9; tap++) {
    for (let i: usize = 0; i < size - at; i += 4) store<f32>(rest + (<usize>tap << 4) + i, load<f32>(taps + at + <usize>tap * size + i));
  }
  filterPass(tile, rest, 16, 48, scratch, 16, 48, 3);
  filterPass(tile, scratch, 48, 16, rest, <usize>q << 4, 16, q);
  for (let point = 0; point < q * q; point++) {
    for (let i: usize = 0; i < size - at; i += 4) store<f32>(base + at + <usize>point * size + i, load<f32>(rest + (<usize>point << 4) + i));
  }
}
