import { MR, NR, planesTile } from "./tiles";
import { madd } from "./madd";

/** Whether the multiply-add rounds once: (1 + e)^2 - (1 + 2e) is e^2 then, and 0 with two roundings. */
export function probeFma(): bool {
  const e: f32 = 1.1920928955078125e-7;
  const x = f32x4.splat(1 + e);
  return f32x4.extract_lane(madd(f32x4.splat(-(1 + 2 * e)), x, x), 0) != 0;
}

/** `times` register tiles of one panel pair: what the tile reaches when nothing else is in the way. */
export function peak(a: usize, b: usize, depth: i32, c: usize, times: i32): void {
  for (let i = 0; i < times; i++) planesTile(MR, NR >> 2, a, b, depth, c, NR << 2, 0, 0, -Infinity, Infinity);
}

/** 12 chains of multiply-adds between registers. Sums come from `c`, factors from behind them. */
export function peakChains12(c: usize, rounds: i32): void {
  const x = v128.load(c, 512), y = v128.load(c, 528);
  let c0 = v128.load(c, 0), c1 = v128.load(c, 16), c2 = v128.load(c, 32), c3 = v128.load(c, 48);
  let c4 = v128.load(c, 64), c5 = v128.load(c, 80), c6 = v128.load(c, 96), c7 = v128.load(c, 112);
  let c8 = v128.load(c, 128), c9 = v128.load(c, 144), c10 = v128.load(c, 160), c11 = v128.load(c, 176);
  for (let i = 0; i < rounds; i++) {
    c0 = madd(c0, x, y); c1 = madd(c1, x, y); c2 = madd(c2, x, y); c3 = madd(c3, x, y);
    c4 = madd(c4, x, y); c5 = madd(c5, x, y); c6 = madd(c6, x, y); c7 = madd(c7, x, y);
    c8 = madd(c8, x, y); c9 = madd(c9, x, y); c10 = madd(c10, x, y); c11 = madd(c11, x, y);
  }
  v128.store(c, c0, 0); v128.store(c, c1, 16); v128.store(c, c2, 32); v128.store(c, c3, 48);
  v128.store(c, c4, 64); v128.store(c, c5, 80); v128.store(c, c6, 96); v128.store(c, c7, 112);
  v128.store(c, c8, 128); v128.store(c, c9, 144); v128.store(c, c10, 160); v128.store(c, c11, 176);
}

/** 24 chains: as many registers of twice the width, where an engine pairs neighbours; else too many. */
export function peakChains24(c: usize, rounds: i32): void {
  const x = v128.load(c, 512), y = v128.load(c, 528);
  let c0 = v128.load(c, 0), c1 = v128.load(c, 16), c2 = v128.load(c, 32), c3 = v128.load(c, 48);
  let c4 = v128.load(c, 64), c5 = v128.load(c, 80), c6 = v128.load(c, 96), c7 = v128.load(c, 112);
  let c8 = v128.load(c, 128), c9 = v128.load(c, 144), c10 = v128.load(c, 160), c11 = v128.load(c, 176);
  let c12 = v128.load(c, 192), c13 = v128.load(c, 208), c14 = v128.load(c, 224), c15 = v128.load(c, 240);
  let c16 = v128.load(c, 256), c17 = v128.load(c, 272), c18 = v128.load(c, 288), c19 = v128.load(c, 304);
  let c20 = v128.load(c, 320), c21 = v128.load(c, 336), c22 = v128.load(c, 352), c23 = v128.load(c, 368);
  for (let i = 0; i < rounds; i++) {
    c0 = madd(c0, x, y); c1 = madd(c1, x, y); c2 = madd(c2, x, y); c3 = madd(c3, x, y);
    c4 = madd(c4, x, y); c5 = madd(c5, x, y); c6 = madd(c6, x, y); c7 = madd(c7, x, y);
    c8 = madd(c8, x, y); c9 = madd(c9, x, y); c10 = madd(c10, x, y); c11 = madd(c11, x, y);
    c12 = madd(c12, x, y); c13 = madd(c13, x, y); c14 = madd(c14, x, y); c15 = madd(c15, x, y);
    c16 = madd(c16, x, y); c17 = madd(c17, x, y); c18 = madd(c18, x, y); c19 = madd(c19, x, y);
    c20 = madd(c20, x, y); c21 = madd(c21, x, y); c22 = madd(c22, x, y); c23 = madd(c23, x, y);
  }
  v128.store(c, c0, 0); v128.store(c, c1, 16); v128.store(c, c2, 32); v128.store(c, c3, 48);
  v128.store(c, c4, 64); v128.store(c, c5, 80); v128.store(c, c6, 96); v128.store(c, c7, 112);
  v128.store(c, c8, 128); v128.store(c, c9, 144); v128.store(c, c10, 160); v128.store(c, c11, 176);
  v128.store(c, c12, 192); v128.store(c, c13, 208); v128.store(c, c14, 224); v128.store(c, c15, 240);
  v128.store(c, c16, 256); v128.store(c, c17, 272); v128.store(c, c18, 288); v128.store(c, c19, 304);
  v128.store(c, c20, 320); v128.store(c, c21, 336); v128.store(c, c22, 352); v128.store(c, c23, 368);
}
