// Addresses of the pixels of a block, for tiles that read them through pointers: table[tap][pixel].
import {
  G_bCol, G_bKind, G_bRow, G_cCol, G_channels, G_cRow, G_depth, G_ih, G_iw, G_run, G_sh, G_sw, G_TAPS, K_patch,
} from "./fields";
import { copyFloats } from "./copy-floats";
import { endInside, field, firstInside, gridCol, gridRow, gridWidth } from "./grid";
import { NR } from "./tiles";

/** `n` addresses from `first` on, `step` bytes apart. */
function fillRun(to: usize, first: usize, step: usize, n: i32): void {
  let four = i32x4.add(i32x4.splat(<i32>first), i32x4.mul(i32x4.splat(<i32>step), i32x4(0, 1, 2, 3)));
  const next = i32x4.splat(<i32>(step << 2));
  const end = to + (<usize>n << 2);
  while (to + 16 <= end) {
    v128.store(to, four);
    four = i32x4.add(four, next);
    to += 16;
  }
  let one = <usize>i32x4.extract_lane(four, 0);
  while (to < end) {
    store<u32>(to, <u32>one);
    one += step;
    to += 4;
  }
}

/** Of `count` pixels from q in C. */
export function fillOuts(d: usize, c: usize, q: i32, count: i32, outs: usize): void {
  const cRow = <usize>field(d, G_cRow);
  const cCol = <usize>field(d, G_cCol);
  let y = gridRow + q / gridWidth;
  let x = gridCol + q % gridWidth;
  while (count > 0) {
    const n = min(gridCol + gridWidth - x, count);
    fillRun(outs, c + <usize>y * cRow + <usize>x * cCol, cCol, n);
    outs += <usize>n << 2;
    count -= n;
    x = gridCol;
    y++;
  }
}

/** Of `count` columns that lie in panels of B. */
export function fillPanels(d: usize, b: usize, first: i32, k0: i32, count: i32, table: usize): void {
  const step = <usize>(field(d, G_depth) * NR) << 2;
  for (let i = 0; i < count; i++) {
    const column = first + i;
    const at = b + <usize>(column / NR) * step + (<usize>(k0 * NR + column % NR) << 2);
    store<u32>(table + (<usize>i << 2), <u32>at);
  }
}

/**
 * For every run of taps of a kernel row (a tap alone, a plain B); lists are `pitch` bytes apart. Where no part of the run meets the
 * image its pixel is `zero`; where a part does, the run is copied, with its zeros, to the place behind `zero`.
 */
export function fillTaps(d: usize, b: usize, taps: i32, q: i32, count: i32, table: usize, pitch: usize, zero: usize): void {
  const run = field(d, G_run);
  const copies = zero + <usize>(run * field(d, G_channels) << 2);
  let copy = copies;
  for (let tap = 0; tap < taps; tap += run) {
    copy = fillTap(d, b, tap, run, q, count, table, zero, copy);
    table += pitch;
  }
}

function fillTap(d: usize, b: usize, tap: i32, run: i32, q: i32, count: i32, to: usize, zero: usize, copy: usize): usize {
  const line = <usize>field(d, G_bRow);
  const col = <usize>field(d, G_bCol);
  let y = gridRow + q / gridWidth;
  let x = gridCol + q % gridWidth;
  let sh = 1, sw = 1, dy = 0, dx = 0, ih = i32.MAX_VALUE, iw = 0, first = 0, end = i32.MAX_VALUE;
  if (field(d, G_bKind) == K_patch) {
    sh = field(d, G_sh);
    sw = field(d, G_sw);
    dy = load<i32>(d + G_TAPS + (<usize>tap << 3));
    dx = load<i32>(d + G_TAPS + (<usize>tap << 3), 4);
    ih = field(d, G_ih);
    iw = field(d, G_iw);
    first = firstInside(dx, sw);
    end = endInside(dx, sw, iw - run + 1);
  }
  while (count > 0) {
    const n = min(gridCol + gridWidth - x, count);
    const iy = y * sh + dy;
    if (<u32>iy >= <u32>ih) fillRun(to, zero, 0, n);
    else {
      const row = b + <usize>iy * line;
      const lo = min(max(first, x), x + n);
      const hi = max(lo, min(end, x + n));
      if (run == 1) {
        fillRun(to, zero, 0, lo - x);
        fillRun(to + (<usize>(hi - x) << 2), zero, 0, x + n - hi);
      } else {
        for (let at = x; at < x + n; at++) {
          if (at == lo) at = hi;
          if (at >= x + n) break;
          store<u32>(to + (<usize>(at - x) << 2), <u32>copy);
          copy = copyRun(row, col, at * sw + dx, run, iw, copy);
        }
      }
      fillRun(to + (<usize>(lo - x) << 2), row + <usize>(lo * sw + dx) * col, <usize>sw * col, hi - lo);
    }
    to += <usize>n << 2;
    count -= n;
    x = gridCol;
    y++;
  }
  return copy;
}

/** `run` pixels from column `ix` on, `col` bytes each, to `to`; zeros outside of the image. Returns the end. */
function copyRun(row: usize, col: usize, ix: i32, run: i32, iw: i32, to: usize): usize {
  for (let i = 0; i < run; i++) {
    if (<u32>ix < <u32>iw) copyFloats(row + <usize>ix * col, to, <i32>(col >> 2));
    else memory.fill(to, 0, col);
    to += col;
    ix++;
  }
  return to;
}
