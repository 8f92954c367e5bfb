// GEMM with contiguous pixels: panels of A (weights) against panels of B (pixels), the loops of Goto and van de Geijn.
import {
  G_activation, G_aK, G_aKind, G_alpha, G_aM, G_aPanel, G_batch, G_batchA, G_batchB, G_batchBias, G_batchC,
  G_batchSlopes, G_beta, G_bias, G_bKind, G_cCol, G_cM, G_cols, G_cRow, G_depth, G_hi, G_k, G_kc, G_lo, G_m, G_nc,
  A_clamp, K_panels, K_plain,
} from "./fields";
import { activateSpan } from "./activation";
import { field, gridCol, gridCount, gridRow, gridWidth, setGrid, shareStart } from "./grid";
import { packPixels } from "./pack-pixels";
import { MR, NR, planesTile } from "./tiles";

/** `rows` rows and `depth` columns of a plain A as a panel of MR. */
function packPlainA(a: usize, rowStep: usize, kStep: usize, rows: i32, depth: i32, target: usize): void {
  for (let kk = 0; kk < depth; kk++) {
    let from = a + <usize>kk * kStep;
    const to = target + ((<usize>kk * MR) << 2);
    for (let r = 0; r < rows; r++) {
      store<f32>(to + (<usize>r << 2), load<f32>(from));
      from += rowStep;
    }
  }
}

/** Adds a tile to C element by element: strips that straddle rows or end before their width. */
function scatterTile(
  d: usize, tile: usize, rows: i32, c: usize, q: i32, from: i32, to: i32, accumulate: bool, bias: usize, lo: f32, hi: f32,
): void {
  const cM = <usize>field(d, G_cM);
  const cRow = <usize>field(d, G_cRow);
  const cCol = <usize>field(d, G_cCol);
  for (let j = from; j < to; j++) {
    const y = gridRow + (q + j) / gridWidth;
    const x = gridCol + (q + j) % gridWidth;
    let at = c + <usize>y * cRow + <usize>x * cCol;
    for (let r = 0; r < rows; r++) {
      let value = load<f32>(tile + ((<usize>r * NR + <usize>j) << 2));
      if (accumulate) value += load<f32>(at);
      if (bias) value += load<f32>(bias + (<usize>r << 2));
      value = min(max(value, lo), hi);
      store<f32>(at, value);
      at += cM;
    }
  }
}

export function gemmPlanes(
  d: usize, a: usize, b: usize, c: usize, bias: usize, slopes: usize,
  rowBegin: i32, rowEnd: i32, scratch: usize, part: i32, parts: i32,
): void {
  setGrid(d, rowBegin, rowEnd);
  const m = field(d, G_m);
  const panels = field(d, G_bKind) == K_panels;
  // Panels are aligned to absolute columns; the first one of a call may begin before its first pixel.
  const lead = panels ? (rowBegin * field(d, G_cols)) % NR : 0;
  const total = gridCount + lead;
  if (gridCount == 0 || m == 0) return;
  const strips = (total + NR - 1) / NR;
  const dealRows = strips < 16 * parts && (m + MR - 1) / MR >= 2 * parts;
  const m0 = dealRows ? shareStart(m, part, parts, MR) : 0;
  const m1 = dealRows ? shareStart(m, part + 1, parts, MR) : m;
  const q0 = dealRows ? 0 : shareStart(total, part, parts, NR);
  const q1 = dealRows ? total : shareStart(total, part + 1, parts, NR);
  if (m0 >= m1 || q0 >= q1) return;
  const k = field(d, G_k);
  const kc = field(d, G_kc);
  const nc = field(d, G_nc);
  const cM = <usize>field(d, G_cM);
  const cRow = <usize>field(d, G_cRow);
  const cCol = <usize>field(d, G_cCol);
  const flat = cCol == 4 && cRow == (<usize>gridWidth << 2);
  const contiguous = cCol == 4;
  const plainA = field(d, G_aKind) == K_plain;
  const clamped = field(d, G_activation) == A_clamp;
  const spill = scratch;
  const packedA = spill + ((MR * NR) << 2);
  const packedB = packedA + (plainA ? (<usize>(MR * min(k, kc)) << 2) : 0);
  for (let index = 0; index < field(d, G_batch); index++) {
    const atA = a + <usize>(index * field(d, G_batchA));
    const atB = b + <usize>(index * field(d, G_batchB));
    const atC = c + <usize>(index * field(d, G_batchC));
    const atBias = bias + <usize>(index * field(d, G_batchBias));
    for (let n = q0; n < q1; n += nc) {
      const count = min(nc, q1 - n);
      let k0 = 0;
      do {
        const depth = min(kc, k - k0);
        const isLast = k0 + depth >= k;
        let panel = packedB;
        let panelStep = <usize>(depth * NR) << 2;
        if (panels) {
          panelStep = <usize>(field(d, G_depth) * NR) << 2;
          panel = atB + <usize>((rowBegin * field(d, G_cols) - lead + n) / NR) * panelStep + (<usize>(k0 * NR) << 2);
        } else if (depth > 0) packPixels(d, atB, k0, depth, n, count, packedB);
        const accumulate = k0 > 0 || field(d, G_beta) == 1;
        const lo: f32 = isLast && clamped ? load<f32>(d + G_lo) : -Infinity;
        const hi: f32 = isLast && clamped ? load<f32>(d + G_hi) : Infinity;
        for (let i = m0; i < m1; i += MR) {
          const rows = min(MR, m1 - i);
          let from = atA + <usize>(i / MR) * <usize>field(d, G_aPanel) + (<usize>(k0 * MR) << 2);
          if (plainA) {
            const rowStep = <usize>field(d, G_aM);
            const kStep = <usize>field(d, G_aK);
            packPlainA(atA + <usize>i * rowStep + <usize>k0 * kStep, rowStep, kStep, rows, depth, packedA);
            from = packedA;
          }
          const add: usize = isLast && field(d, G_bias) ? atBias + (<usize>i << 2) : 0;
          const rowC = atC + <usize>i * cM;
          let strip = panel;
          for (let j = 0; j < count; j += NR) {
            const q = n + j - lead;
            const first = max(0, -q);
            const end = min(NR, count - j);
            const x = q >= 0 ? q % gridWidth : 0;
            const width = (end + 3) >> 2;
            if (first == 0 && end == width << 2 && (flat || (contiguous && x + end <= gridWidth))) {
              const at = rowC + <usize>(gridRow + q / gridWidth) * cRow + (<usize>(gridCol + x) << 2);
              planesTile(rows, width, from, strip, depth, at, cM, accumulate, add, lo, hi);
            } else {
              planesTile(rows, width, from, strip, depth, spill, NR << 2, 0, 0, -Infinity, Infinity);
              scatterTile(d, spill, rows, rowC, q, first, end, accumulate, add, lo, hi);
            }
            strip += panelStep;
          }
        }
        k0 += depth;
      } while (k0 < k);
      if (field(d, G_activation) > A_clamp) {
        const atSlopes = slopes + <usize>(index * field(d, G_batchSlopes));
        let q = max(0, n - lead);
        const end = n + count - lead;
        while (q < end) {
          const x = q % gridWidth;
          const span = min(gridWidth - x, end - q);
          const at = atC + <usize>(gridRow + q / gridWidth) * cRow + <usize>(gridCol + x) * cCol;
          for (let i = m0; i < m1; i++) {
            activateSpan(d + G_activation, at + <usize>i * cM, cCol, span, atSlopes + (<usize>i << 2), 0);
          }
          q += span;
        }
      }
    }
  }
}
