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
  for (let i = 0; i < times; i++) planesTile(MR, a, b, depth, c, NR << 2, 0, 0, -Infinity, Infinity);
}
