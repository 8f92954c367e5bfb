// Packs pixels into panels of NR columns: [panel][k][NR].
import {
  G_bCol, G_bK, G_bKind, G_bRow, G_channels, G_cols, G_ih, G_iw, G_sh, G_sw, G_TAPS, K_patch,
} from "./fields";
import { endInside, field, firstInside, gridCol, gridRow, gridWidth } from "./grid";
import { NR } from "./tiles";

/** `n` zeros from column `j` of line `base` on; panels are `stride` bytes apart. */
function zeros(base: usize, stride: usize, j: i32, n: i32): void {
  const zero = f32x4.splat(0);
  while (n > 0) {
    const lane = j % NR;
    const room = min(NR - lane, n);
    let to = base + <usize>(j / NR) * stride + (<usize>lane << 2);
    let left = room;
    while (left >= 4) {
      v128.store(to, zero);
      to += 16;
      left -= 4;
    }
    while (left > 0) {
      store<f32>(to, 0);
      to += 4;
      left--;
    }
    j += room;
    n -= room;
  }
}

/** `n` pixels, `step` bytes apart from `from` on, to column `j` of line `base` on. Reads nothing but these pixels. */
function run(from: usize, step: usize, base: usize, stride: usize, j: i32, n: i32): void {
  while (n > 0) {
    const lane = j % NR;
    const room = min(NR - lane, n);
    const to = base + <usize>(j / NR) * stride + (<usize>lane << 2);
    if (room >= 4 && step == 4) {
      let i: usize = 0;
      const last = <usize>(room - 4) << 2;
      while (i < last) {
        v128.store(to + i, v128.load(from + i));
        i += 16;
      }
      // The last vector may overlap the one before it: no element-wise tail.
      v128.store(to + last, v128.load(from + last));
    } else if (room >= 4 && step == 8) {
      let i = 0;
      while (true) {
        // Elements 0 2 | 4 6 from loads at 0 and 3, so that nothing behind element 6 is read.
        const at = from + (<usize>i << 3);
        const even = v128.shuffle<f32>(v128.load(at), v128.load(at, 12), 0, 2, 5, 7);
        v128.store(to + (<usize>i << 2), even);
        if (i == room - 4) break;
        i = min(i + 4, room - 4);
      }
    } else {
      let source = from;
      for (let i = 0; i < room; i++) {
        store<f32>(to + (<usize>i << 2), load<f32>(source));
        source += step;
      }
    }
    from += <usize>room * step;
    j += room;
    n -= room;
  }
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
  let tap = isPatch ? k0 / channels : 0;
  let channel = isPatch ? k0 % channels : k0;
  const y0 = gridRow + q0 / gridWidth;
  const x0 = gridCol + q0 % gridWidth;
  for (let kk = 0; kk < depth; kk++) {
    const base = target + ((<usize>kk * NR) << 2);
    const plane = b + <usize>channel * kStep;
    let dy = 0, dx = 0, first = i32.MIN_VALUE, end = i32.MAX_VALUE;
    if (isPatch) {
      dy = load<i32>(d + G_TAPS + (<usize>tap << 3));
      dx = load<i32>(d + G_TAPS + (<usize>tap << 3), 4);
      first = firstInside(dx, sw);
      end = endInside(dx, sw, iw);
    }
    let y = y0, x = x0, j = 0;
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
