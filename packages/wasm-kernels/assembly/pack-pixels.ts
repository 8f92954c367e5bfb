// Packs pixels into panels of NR columns: [panel][k][NR].
import {
  G_bCol, G_bK, G_bKind, G_bRow, G_channels, G_cols, G_ih, G_iw, G_sh, G_sw, G_TAPS, K_patch,
} from "./fields";
import { endInside, field, firstInside, gridCol, gridRow, gridWidth } from "./grid";
import { NR } from "./tiles";

/** `n` zeros from column `j` of line `base` on; panels are `stride` bytes apart. */
function zeros(base: usize, stride: usize, j: i32, n: i32): void {
  let lane = j % NR;
  let panel = base + <usize>(j / NR) * stride;
  while (n > 0) {
    const room = min(NR - lane, n);
    memory.fill(panel + (<usize>lane << 2), 0, <usize>room << 2);
    panel += stride;
    lane = 0;
    n -= room;
  }
}

/** `n` pixels, `step` bytes apart from `from` on, to column `j` of line `base` on. Reads nothing but these pixels. */
function run(from: usize, step: usize, base: usize, stride: usize, j: i32, n: i32): void {
  let lane = j % NR;
  let panel = base + <usize>(j / NR) * stride;
  if (lane > 0) {
    const room = min(NR - lane, n);
    piece(from, step, panel + (<usize>lane << 2), room);
    from += <usize>room * step;
    panel += stride;
    n -= room;
  }
  if (step == 4) {
    while (n >= NR) {
      for (let i = 0; i < NR / 4; i++) v128.store(panel + (<usize>i << 4), v128.load(from + (<usize>i << 4)));
      from += NR << 2;
      panel += stride;
      n -= NR;
    }
  }
  while (n > 0) {
    const room = min(NR, n);
    piece(from, step, panel, room);
    from += <usize>room * step;
    panel += stride;
    n -= room;
  }
}

/** Up to NR pixels that stay in one panel. */
@inline
function piece(from: usize, step: usize, to: usize, n: i32): void {
  if (n >= 4 && step == 4) {
    const last = <usize>(n - 4) << 2;
    for (let i: usize = 0; i < last; i += 16) v128.store(to + i, v128.load(from + i));
    // The last vector may overlap the one before it: no element-wise tail.
    v128.store(to + last, v128.load(from + last));
  } else if (n >= 4 && step == 8) {
    let i = 0;
    while (true) {
      // Elements 0 2 | 4 6 from loads at 0 and 3, so that nothing behind element 6 is read.
      const at = from + (<usize>i << 3);
      v128.store(to + (<usize>i << 2), v128.shuffle<f32>(v128.load(at), v128.load(at, 12), 0, 2, 5, 7));
      if (i == n - 4) break;
      i = min(i + 4, n - 4);
    }
  } else {
    for (let i = 0; i < n; i++) {
      store<f32>(to + (<usize>i << 2), load<f32>(from));
      from += step;
    }
  }
}

/**
 * A tap of a grid as wide as the image: all rows as one run, shifted, then zeros over what ran on into the neighbouring row.
 * Returns `count`.
 */
function packFlat(
  plane: usize, q0: i32, dy: i32, dx: i32, ih: i32, iw: i32, base: usize, stride: usize, count: i32,
): i32 {
  const from = (gridRow + dy) * iw + q0 + dx;
  const lo = min(max(-from, 0), count);
  const hi = max(min(ih * iw - from, count), lo);
  zeros(base, stride, 0, lo);
  if (hi > lo) run(plane + (<usize>(from + lo) << 2), 4, base, stride, lo, hi - lo);
  zeros(base, stride, hi, count - hi);
  // Columns that lie left or right of the image.
  const wide = min(abs(dx), iw);
  for (let left = (dx < 0 ? 0 : iw - wide) - q0 % iw; left < count; left += iw) {
    const end = min(left + wide, count);
    for (let j = max(left, 0); j < end; j++) store<f32>(base + <usize>(j / NR) * stride + (<usize>(j % NR) << 2), 0);
  }
  return count;
}

/** Pixels [q0, q0 + count) of the grid, k from k0, `depth` lines, into panels at `target`. The last one ends in zeros. */
export function packPixels(d: usize, b: usize, k0: i32, depth: i32, q0: i32, count: i32, target: usize): void {
  const stride = (<usize>depth * NR) << 2;
  const rounded = (count + NR - 1) / NR * NR;
  const isPatch = field(d, G_bKind) == K_patch;
  const channels = isPatch ? field(d, G_channels) : 1;
  const line = <usize>field(d, G_bRow);
  const sw = isPatch ? field(d, G_sw) : 1;
  const sh = isPatch ? field(d, G_sh) : 1;
  const col = <usize>field(d, G_bCol);
  const step = col * <usize>sw;
  const kStep = <usize>field(d, G_bK);
  const ih = field(d, G_ih);
  const iw = field(d, G_iw);
  const flat = isPatch && sh == 1 && sw == 1 && gridWidth == iw && gridCol == 0 && col == 4 && line == <usize>iw << 2;
  let tap = isPatch ? k0 / channels : 0;
  let channel = isPatch ? k0 % channels : k0;
  const y0 = gridRow + q0 / gridWidth;
  const x0 = gridCol + q0 % gridWidth;
  let dy = 0, dx = 0, first = i32.MIN_VALUE, end = i32.MAX_VALUE;
  for (let kk = 0; kk < depth; kk++) {
    const base = target + ((<usize>kk * NR) << 2);
    const plane = b + <usize>channel * kStep;
    if (isPatch && (channel == 0 || kk == 0)) {
      dy = load<i32>(d + G_TAPS + (<usize>tap << 3));
      dx = load<i32>(d + G_TAPS + (<usize>tap << 3), 4);
      first = sw == 1 ? -dx : firstInside(dx, sw);
      end = sw == 1 ? iw - dx : endInside(dx, sw, iw);
    }
    let y = y0, x = x0, j = flat ? packFlat(plane, q0, dy, dx, ih, iw, base, stride, count) : 0;
    while (j < count) {
      const segment = min(gridCol + gridWidth - x, count - j);
      const iy = y * sh + dy;
      if (isPatch && (iy < 0 || iy >= ih)) zeros(base, stride, j, segment);
      else {
        const lo = min(max(first, x), x + segment);
        const hi = max(lo, min(end, x + segment));
        if (lo > x) zeros(base, stride, j, lo - x);
        if (hi > lo) run(plane + <usize>iy * line + <usize>(lo * sw + dx) * col, step, base, stride, j + lo - x, hi - lo);
        if (x + segment > hi) zeros(base, stride, j + hi - x, x + segment - hi);
      }
      j += segment;
      x = gridCol;
      y++;
    }
    if (rounded > count) zeros(base, stride, count, rounded - count);
    channel++;
    if (isPatch && channel == channels) {
      channel = 0;
      tap++;
    }
  }
}
