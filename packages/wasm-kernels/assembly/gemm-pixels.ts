// GEMM with contiguous output channels: pixels through pointers against panels of weights (Dukhan, arXiv:1907.02129).
import {
  A_clamp, G_activation, G_aK, G_aKind, G_aM, G_aPanel, G_batch, G_batchA, G_batchB, G_batchBias, G_batchC,
  G_batchSlopes, G_bCol, G_beta, G_bias, G_bK, G_bKind, G_bRow, G_channels, G_cM, G_cols, G_hi, G_ih, G_iw, G_k,
  G_kc, G_lo, G_m, G_nc, G_run, G_sh, G_sw, G_taps, G_TAPS, K_panels, K_patch, K_plain,
} from "./fields";
import { activateSpan } from "./activation";
import { field, gridCol, gridCount, gridRow, gridWidth, setGrid, shareStart } from "./grid";
import { fillOuts, fillPanels, fillTaps } from "./pixel-pointers";
import { MR, NR, pixelsTile } from "./tiles";

/** Lowers pixels of a patch to [pixel][k], for few channels that do not follow each other from pixel to pixel. */
function lowerPixels(d: usize, b: usize, k0: i32, depth: i32, q: i32, count: i32, target: usize, table: usize): void {
  const channels = field(d, G_channels);
  const line = <usize>field(d, G_bRow);
  const col = <usize>field(d, G_bCol);
  const kStep = <usize>field(d, G_bK);
  const sh = field(d, G_sh);
  const sw = field(d, G_sw);
  const ih = field(d, G_ih);
  const iw = field(d, G_iw);
  let y = gridRow + q / gridWidth;
  let x = gridCol + q % gridWidth;
  let to = target;
  for (let i = 0; i < count; i++) {
    store<u32>(table + (<usize>i << 2), <u32>to);
    let tap = k0 / channels;
    let channel = k0 % channels;
    let left = depth;
    while (left > 0) {
      const iy = y * sh + load<i32>(d + G_TAPS + (<usize>tap << 3));
      const ix = x * sw + load<i32>(d + G_TAPS + (<usize>tap << 3), 4);
      const n = min(left, channels - channel);
      const inside = <u32>iy < <u32>ih && <u32>ix < <u32>iw;
      let from = b + <usize>iy * line + <usize>ix * col + <usize>channel * kStep;
      for (let j = 0; j < n; j++) {
        store<f32>(to + (<usize>j << 2), inside ? load<f32>(from) : 0);
        from += kStep;
      }
      to += <usize>n << 2;
      left -= n;
      channel = 0;
      tap++;
    }
    if (++x == gridCol + gridWidth) {
      x = gridCol;
      y++;
    }
  }
}

/** `channels` rows of a plain A from row i, `depth` of k, as a panel of NR. */
function packPlainA(a: usize, rowStep: usize, kStep: usize, rows: i32, depth: i32, target: usize): void {
  for (let kk = 0; kk < depth; kk++) {
    let from = a + <usize>kk * kStep;
    const to = target + ((<usize>kk * NR) << 2);
    for (let r = 0; r < NR; r++) {
      store<f32>(to + (<usize>r << 2), r < rows ? load<f32>(from) : 0);
      from += rowStep;
    }
  }
}

export function gemmPixels(
  d: usize, a: usize, b: usize, c: usize, bias: usize, slopes: usize,
  rowBegin: i32, rowEnd: i32, scratch: usize, part: i32, parts: i32,
): void {
  setGrid(d, rowBegin, rowEnd);
  const m = field(d, G_m);
  if (gridCount == 0 || m == 0) return;
  const tiles = (gridCount + MR - 1) / MR;
  const dealRows = tiles < 16 * parts && (m + NR - 1) / NR >= 2 * parts;
  const m0 = dealRows ? shareStart(m, part, parts, NR) : 0;
  const m1 = dealRows ? shareStart(m, part + 1, parts, NR) : m;
  const q0 = dealRows ? 0 : shareStart(gridCount, part, parts, MR);
  const q1 = dealRows ? gridCount : shareStart(gridCount, part + 1, parts, MR);
  if (m0 >= m1 || q0 >= q1) return;
  const k = field(d, G_k);
  const nc = field(d, G_nc);
  const kind = field(d, G_bKind);
  const run = field(d, G_run);
  const lowered = run == 0;
  const direct = kind == K_patch && !lowered;
  // Without packing there is one block of k: the sums stay in registers from the first tap to the last.
  const kc = direct ? k : field(d, G_kc);
  const taps = direct ? field(d, G_taps) : 1;
  const runs = direct ? taps / run : 1;
  const cM = <usize>field(d, G_cM);
  const plainA = field(d, G_aKind) == K_plain;
  const clamped = field(d, G_activation) == A_clamp;
  // Scratch: a tile, addresses in C, addresses in B, a panel of a plain A, zeros or lowered pixels.
  const spill = scratch;
  const spillOuts = spill + ((MR * NR) << 2);
  const outs = spillOuts + (MR << 2);
  const table = outs + (<usize>nc << 2);
  const panelA = table + (<usize>(nc * runs) << 2);
  const pixels = panelA + (plainA ? <usize>(NR * min(k, kc)) << 2 : 0);
  for (let r = 0; r < MR; r++) store<u32>(spillOuts + (<usize>r << 2), <u32>(spill + (<usize>(r * NR) << 2)));
  if (direct) memory.fill(pixels, 0, <usize>(run * field(d, G_channels)) << 2);
  const pitch = <usize>nc << 2;
  let step: usize = <usize>field(d, G_bK);
  if (lowered) step = 4;
  if (kind == K_panels) step = NR << 2;
  for (let index = 0; index < field(d, G_batch); index++) {
    const atA = a + <usize>(index * field(d, G_batchA));
    const atB = b + <usize>(index * field(d, G_batchB));
    const atC = c + <usize>(index * field(d, G_batchC));
    const atBias = bias + <usize>(index * field(d, G_batchBias));
    for (let q = q0; q < q1; q += nc) {
      const count = min(nc, q1 - q);
      fillOuts(d, atC, q, count, outs);
      let k0 = 0;
      do {
        const depth = min(kc, k - k0);
        const isLast = k0 + depth >= k;
        if (kind == K_panels) fillPanels(d, atB, rowBegin * field(d, G_cols) + q, k0, count, table);
        else if (lowered) {
          if (depth > 0) lowerPixels(d, atB, k0, depth, q, count, pixels, table);
        }
        else fillTaps(d, direct ? atB : atB + <usize>k0 * step, taps, q, count, table, pitch, pixels);
        const channels = direct ? run * field(d, G_channels) : depth;
        const accumulate = k0 > 0 || field(d, G_beta) == 1;
        const lo: f32 = isLast && clamped ? load<f32>(d + G_lo) : -Infinity;
        const hi: f32 = isLast && clamped ? load<f32>(d + G_hi) : Infinity;
        for (let i = m0; i < m1; i += NR) {
          const wide = min(NR, m1 - i);
          let w = atA + <usize>(i / NR) * <usize>field(d, G_aPanel) + (<usize>(k0 * NR) << 2);
          if (plainA) {
            const rowStep = <usize>field(d, G_aM);
            const kStep = <usize>field(d, G_aK);
            packPlainA(atA + <usize>i * rowStep + <usize>k0 * kStep, rowStep, kStep, wide, depth, panelA);
            w = panelA;
          }
          const add: usize = isLast && field(d, G_bias) ? atBias + (<usize>i << 2) : 0;
          const at = <usize>i * cM;
          const width = (wide + 3) >> 2;
          const whole = wide == width << 2 && cM == 4;
          for (let j = 0; j < count; j += MR) {
            const rows = min(MR, count - j);
            const pointers = table + (<usize>j << 2);
            const targets = outs + (<usize>j << 2);
            if (whole) pixelsTile(rows, width, targets, pointers, pitch, runs, channels, step, w, at, accumulate, add, lo, hi);
            else {
              pixelsTile(rows, width, spillOuts, pointers, pitch, runs, channels, step, w, 0, 0, 0, -Infinity, Infinity);
              scatter(spill, targets, rows, wide, at, cM, accumulate, add, lo, hi);
            }
          }
        }
        k0 += depth;
      } while (k0 < k);
      if (field(d, G_activation) > A_clamp) {
        const atSlopes = slopes + <usize>(index * field(d, G_batchSlopes)) + (<usize>m0 << 2);
        for (let j = 0; j < count; j++) {
          const at = <usize>load<u32>(outs + (<usize>j << 2)) + <usize>m0 * cM;
          activateSpan(d + G_activation, at, cM, m1 - m0, atSlopes, 4);
        }
      }
    }
  }
}

/** A tile of pixels x channels to C element by element. */
function scatter(
  tile: usize, outs: usize, rows: i32, wide: i32, at: usize, cM: usize, accumulate: bool, bias: usize, lo: f32, hi: f32,
): void {
  for (let r = 0; r < rows; r++) {
    let to = <usize>load<u32>(outs + (<usize>r << 2)) + at;
    for (let i = 0; i < wide; i++) {
      let value = load<f32>(tile + (<usize>(r * NR + i) << 2));
      if (accumulate) value += load<f32>(to);
      if (bias) value += load<f32>(bias + (<usize>i << 2));
      value = min(max(value, lo), hi);
      store<f32>(to, value);
      to += cM;
    }
  }
}
