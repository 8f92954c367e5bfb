// Depthwise convolution along rows: m = 1, one channel, many of them in the batch. No panels.
import {
  G_activation, G_aK, G_batch, G_batchA, G_batchB, G_batchBias, G_batchC, G_batchSlopes, G_bCol, G_beta, G_bias, G_bRow,
  G_cCol, G_cols, G_cRow, G_hi, G_ih, G_iw, G_lo, G_sh, G_sliding, G_sw, G_taps,
  G_TAPS, A_clamp,
} from "./fields";
import { activateSpan } from "./activation";
import { planes3x3 } from "./depthwise-planes-3x3";
import { field, shareStart } from "./grid";
import { madd } from "./madd";

@inline
function tapY(d: usize, tap: i32): i32 {
  return load<i32>(d + G_TAPS + (<usize>tap << 3));
}

@inline
function tapX(d: usize, tap: i32): i32 {
  return load<i32>(d + G_TAPS + (<usize>tap << 3), 4);
}

/**
 * Image columns from `dx` on into a padded line, whose ends stay zero. Short loops of vectors: a line has some ten to
 * hundred floats, for which a bulk copy costs more than the copying.
 */
@inline
function copyLine(line: usize, col: usize, iw: i32, dx: i32, length: i32, target: usize): void {
  const first = min(max(0, -dx), length);
  const n = max(0, min(length, iw - dx) - first);
  const to = target + (<usize>first << 2);
  const from = line + <usize>(dx + first) * col;
  if (col == 4 && n >= 4) {
    const last = <usize>(n - 4) << 2;
    for (let i: usize = 0; i < last; i += 16) v128.store(to + i, v128.load(from + i));
    v128.store(to + last, v128.load(from + last));
  } else for (let i = 0; i < n; i++) store<f32>(to + (<usize>i << 2), load<f32>(from + <usize>i * col));
}

/**
 * Four outputs of a row at a time. The image lines a row needs are copied once into a ring of padded lines, so that no
 * column and no line is a special case; lines outside of the image are one line of zeros. Scratch: the zeros, the ring,
 * four floats. Channels are dealt to shares, or rows where there are fewer channels than shares.
 */
export function depthwisePlanes(
  d: usize, a: usize, b: usize, c: usize, bias: usize, slopes: usize,
  rowBegin: i32, rowEnd: i32, scratch: usize, part: i32, parts: i32,
): void {
  const count = field(d, G_batch);
  const byChannel = count >= parts;
  const first = byChannel ? shareStart(count, part, parts, 1) : 0;
  const last = byChannel ? shareStart(count, part + 1, parts, 1) : count;
  const rows = max(rowEnd - rowBegin, 0);
  const y0 = rowBegin + (byChannel ? 0 : shareStart(rows, part, parts, 1));
  const y1 = rowBegin + (byChannel ? rows : shareStart(rows, part + 1, parts, 1));
  if (first >= last || y0 >= y1) return;
  const clamped = field(d, G_activation) == A_clamp;
  const low = f32x4.splat(clamped ? load<f32>(d + G_lo) : -Infinity);
  const high = f32x4.splat(clamped ? load<f32>(d + G_hi) : Infinity);
  if (field(d, G_sliding)) return planes3x3(d, a, b, c, bias, slopes, scratch, first, last, y0, y1, low, high);
  const taps = field(d, G_taps);
  const cols = field(d, G_cols);
  const sh = field(d, G_sh);
  const sw = field(d, G_sw);
  const ih = field(d, G_ih);
  const iw = field(d, G_iw);
  const line = <usize>field(d, G_bRow);
  const col = <usize>field(d, G_bCol);
  const aK = <usize>field(d, G_aK);
  const cCol = <usize>field(d, G_cCol);
  let dy = i32.MAX_VALUE, dx = i32.MAX_VALUE, dyEnd = i32.MIN_VALUE, dxEnd = i32.MIN_VALUE;
  for (let tap = 0; tap < taps; tap++) {
    dy = min(dy, tapY(d, tap));
    dyEnd = max(dyEnd, tapY(d, tap) + 1);
    dx = min(dx, tapX(d, tap));
    dxEnd = max(dxEnd, tapX(d, tap) + 1);
  }
  const ring = dyEnd - dy;
  // Eight more than the last output needs, for vectors that begin on it.
  const length = ((cols + 3) & ~3) * sw + (dxEnd - dx) + 8;
  const stride = <usize>length << 2;
  const lines = scratch + stride;
  const spill = lines + <usize>ring * stride;
  // Every line has its zeros at the same places, so that they are written once.
  memory.fill(scratch, 0, <usize>(ring + 1) * stride);
  const accumulate = field(d, G_beta) == 1;
  for (let index = first; index < last; index++) {
    const w = a + <usize>(index * field(d, G_batchA));
    const image = b + <usize>(index * field(d, G_batchB));
    const add = field(d, G_bias) ? v128.load32_splat(bias + <usize>(index * field(d, G_batchBias))) : f32x4.splat(0);
    let loaded = y0 * sh + dy;
    const base = loaded;
    for (let y = y0; y < y1; y++) {
      const top = y * sh + dy;
      for (let iy = max(loaded, top); iy < top + ring; iy++) {
        if (<u32>iy < <u32>ih) {
          const slot = lines + <usize>((iy - base) % ring) * stride;
          copyLine(image + <usize>iy * line, col, iw, dx, length, slot);
        }
      }
      loaded = top + ring;
      const to = c + <usize>(index * field(d, G_batchC)) + <usize>y * <usize>field(d, G_cRow);
      for (let x = 0; x < cols; x += 4) {
        let sum = f32x4.splat(0);
        const at = <usize>(x * sw) << 2;
        for (let tap = 0; tap < taps; tap++) {
          const iy = y * sh + tapY(d, tap);
          if (<u32>iy >= <u32>ih) continue;
          const from = lines + <usize>((iy - base) % ring) * stride + at + (<usize>(tapX(d, tap) - dx) << 2);
          sum = madd(sum, v128.load32_splat(w + <usize>tap * aK), gather(from, sw));
        }
        const target = to + <usize>x * cCol;
        const n = min(4, cols - x);
        if (n == 4 && cCol == 4) {
          if (accumulate) sum = f32x4.add(sum, v128.load(target));
          v128.store(target, f32x4.pmin(f32x4.pmax(f32x4.add(sum, add), low), high));
          continue;
        }
        if (accumulate) {
          for (let i = 0; i < n; i++) store<f32>(spill + (<usize>i << 2), load<f32>(target + <usize>i * cCol));
          sum = f32x4.add(sum, v128.load(spill));
        }
        v128.store(spill, f32x4.pmin(f32x4.pmax(f32x4.add(sum, add), low), high));
        for (let i = 0; i < n; i++) store<f32>(target + <usize>i * cCol, load<f32>(spill + (<usize>i << 2)));
      }
      if (field(d, G_activation) > A_clamp) {
        activateSpan(d + G_activation, to, cCol, cols, slopes + <usize>(index * field(d, G_batchSlopes)), 0);
      }
    }
  }
}

/** Four pixels `sw` apart of a padded line. */
@inline
function gather(p: usize, sw: i32): v128 {
  if (sw == 1) return v128.load(p);
  if (sw == 2) return v128.shuffle<f32>(v128.load(p), v128.load(p, 16), 0, 2, 4, 6);
  const step = <usize>sw << 2;
  return f32x4(load<f32>(p), load<f32>(p + step), load<f32>(p + 2 * step), load<f32>(p + 3 * step));
}
