// Depthwise convolution: m = 1, one channel, many of them in the batch. No packing, no panels.
import {
  G_activation, G_batch, G_batchA, G_batchB, G_batchBias, G_batchC, G_batchSlopes, G_bCol, G_beta, G_bias, G_bRow,
  G_cCol, G_cols, G_cRow, G_hi, G_ih, G_iw, G_aK, G_lo, G_sh, G_sw, G_taps, G_TAPS, A_clamp,
} from "./fields";
import { activateSpan } from "./activation";
import { endInside, field, firstInside, shareStart } from "./grid";
import { madd } from "./madd";

/**
 * Along rows: four outputs of a row at a time where every tap lies inside, else one. Channels are dealt to shares, or
 * rows where there are fewer channels than shares.
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
  const taps = field(d, G_taps);
  const cols = field(d, G_cols);
  const sh = field(d, G_sh);
  const sw = field(d, G_sw);
  const ih = field(d, G_ih);
  const iw = field(d, G_iw);
  const line = <usize>field(d, G_bRow);
  const col = <usize>field(d, G_bCol);
  const cRow = <usize>field(d, G_cRow);
  const cCol = <usize>field(d, G_cCol);
  const aK = <usize>field(d, G_aK);
  const accumulate = field(d, G_beta) == 1;
  const clamped = field(d, G_activation) == A_clamp;
  const lo: f32 = clamped ? load<f32>(d + G_lo) : -Infinity;
  const hi: f32 = clamped ? load<f32>(d + G_hi) : Infinity;
  // Columns for which every tap lies inside of the line.
  let xa = 0;
  let xb = cols;
  for (let tap = 0; tap < taps; tap++) {
    const dx = load<i32>(d + G_TAPS + (<usize>tap << 3), 4);
    xa = max(xa, firstInside(dx, sw));
    xb = min(xb, endInside(dx, sw, iw));
  }
  const vectors = cCol == 4 && col == 4 && (sw == 1 || sw == 2) ? max(0, xb - xa) >> 2 : 0;
  const low = f32x4.splat(lo);
  const high = f32x4.splat(hi);
  for (let index = first; index < last; index++) {
    const w = a + <usize>(index * field(d, G_batchA));
    const image = b + <usize>(index * field(d, G_batchB));
    const atBias = bias + <usize>(index * field(d, G_batchBias));
    const add: f32 = field(d, G_bias) ? load<f32>(atBias) : 0;
    for (let y = y0; y < y1; y++) {
      const to = c + <usize>(index * field(d, G_batchC)) + <usize>y * cRow;
      for (let v = 0; v < vectors; v++) {
        const x = xa + (v << 2);
        let sum = f32x4.splat(0);
        for (let tap = 0; tap < taps; tap++) {
          const iy = y * sh + load<i32>(d + G_TAPS + (<usize>tap << 3));
          if (<u32>iy >= <u32>ih) continue;
          const ix = x * sw + load<i32>(d + G_TAPS + (<usize>tap << 3), 4);
          const from = image + <usize>iy * line + (<usize>ix << 2);
          const weight = v128.load32_splat(w + <usize>tap * aK);
          if (sw == 1) sum = madd(sum, weight, v128.load(from));
          else sum = madd(sum, weight, v128.shuffle<f32>(v128.load(from), v128.load(from, 12), 0, 2, 5, 7));
        }
        const at = to + (<usize>x << 2);
        if (accumulate) sum = f32x4.add(sum, v128.load(at));
        sum = f32x4.add(sum, f32x4.splat(add));
        v128.store(at, f32x4.min(f32x4.max(sum, low), high));
      }
      let x = 0;
      while (x < cols) {
        if (vectors > 0 && x == xa) {
          x += vectors << 2;
          continue;
        }
        let sum: f32 = 0;
        for (let tap = 0; tap < taps; tap++) {
          const iy = y * sh + load<i32>(d + G_TAPS + (<usize>tap << 3));
          const ix = x * sw + load<i32>(d + G_TAPS + (<usize>tap << 3), 4);
          if (<u32>iy >= <u32>ih || <u32>ix >= <u32>iw) continue;
          sum += load<f32>(w + <usize>tap * aK) * load<f32>(image + <usize>iy * line + <usize>ix * col);
        }
        const at = to + <usize>x * cCol;
        if (accumulate) sum += load<f32>(at);
        sum += add;
        sum = min(max(sum, lo), hi);
        store<f32>(at, sum);
        x++;
      }
      if (field(d, G_activation) > A_clamp) {
        activateSpan(d + G_activation, to, cCol, cols, slopes + <usize>(index * field(d, G_batchSlopes)), 0);
      }
    }
  }
}

/** Along channels: four channels of a pixel at a time. Rows are dealt to shares. */
export function depthwisePixels(
  d: usize, a: usize, b: usize, c: usize, bias: usize, slopes: usize,
  rowBegin: i32, rowEnd: i32, scratch: usize, part: i32, parts: i32,
): void {
  const count = field(d, G_batch);
  const cols = field(d, G_cols);
  const pixels = max(rowEnd - rowBegin, 0) * cols;
  const q0 = shareStart(pixels, part, parts, 1);
  const q1 = shareStart(pixels, part + 1, parts, 1);
  const taps = field(d, G_taps);
  const sh = field(d, G_sh);
  const sw = field(d, G_sw);
  const ih = field(d, G_ih);
  const iw = field(d, G_iw);
  const line = <usize>field(d, G_bRow);
  const col = <usize>field(d, G_bCol);
  const aK = <usize>field(d, G_aK);
  const accumulate = field(d, G_beta) == 1;
  const clamped = field(d, G_activation) == A_clamp;
  const lo: f32 = clamped ? load<f32>(d + G_lo) : -Infinity;
  const hi: f32 = clamped ? load<f32>(d + G_hi) : Infinity;
  const low = f32x4.splat(lo);
  const high = f32x4.splat(hi);
  const hasBias = field(d, G_bias) != 0;
  const whole = count & ~3;
  for (let q = q0; q < q1; q++) {
    const y = rowBegin + q / cols;
    const x = q % cols;
    const to = c + <usize>y * <usize>field(d, G_cRow) + <usize>x * <usize>field(d, G_cCol);
    for (let channel = 0; channel < whole; channel += 4) {
      let sum = f32x4.splat(0);
      for (let tap = 0; tap < taps; tap++) {
        const iy = y * sh + load<i32>(d + G_TAPS + (<usize>tap << 3));
        const ix = x * sw + load<i32>(d + G_TAPS + (<usize>tap << 3), 4);
        if (<u32>iy >= <u32>ih || <u32>ix >= <u32>iw) continue;
        const from = b + <usize>iy * line + <usize>ix * col + (<usize>channel << 2);
        sum = madd(sum, v128.load(a + <usize>tap * aK + (<usize>channel << 2)), v128.load(from));
      }
      const at = to + (<usize>channel << 2);
      if (accumulate) sum = f32x4.add(sum, v128.load(at));
      if (hasBias) sum = f32x4.add(sum, v128.load(bias + (<usize>channel << 2)));
      v128.store(at, f32x4.min(f32x4.max(sum, low), high));
    }
    for (let channel = whole; channel < count; channel++) {
      let sum: f32 = 0;
      for (let tap = 0; tap < taps; tap++) {
        const iy = y * sh + load<i32>(d + G_TAPS + (<usize>tap << 3));
        const ix = x * sw + load<i32>(d + G_TAPS + (<usize>tap << 3), 4);
        if (<u32>iy >= <u32>ih || <u32>ix >= <u32>iw) continue;
        const from = b + <usize>iy * line + <usize>ix * col + (<usize>channel << 2);
        sum += load<f32>(a + <usize>tap * aK + (<usize>channel << 2)) * load<f32>(from);
      }
      const at = to + (<usize>channel << 2);
      if (accumulate) sum += load<f32>(at);
      if (hasBias) sum += load<f32>(bias + (<usize>channel << 2));
      sum = min(max(sum, lo), hi);
      store<f32>(at, sum);
    }
    if (field(d, G_activation) > A_clamp) activateSpan(d + G_activation, to, 4, count, slopes, 4);
  }
}
