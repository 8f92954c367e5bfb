// What a product leaves to do where another library computes it: bias and activation over a block of C, in one pass.
import { A_clamp, A_none } from "./fields";

@external("kernels", "activateSpan")
declare function activateSpan(f: usize, at: usize, step: usize, n: i32, slopes: usize, slopeStep: usize): void;

/**
 * C := activation(C + bias) over channels x pixels. `f` points to the words activation, lo, hi, alpha, shift; the bias is
 * absent at address 0; distances are bytes.
 */
export function finish(
  f: usize, c: usize, bias: usize, slopes: usize, channels: i32, pixels: i32, cM: usize, cCol: usize,
): void {
  const innermost = cM == 4 && (cCol != 4 || channels > pixels);
  const runs = innermost ? pixels : channels;
  const n = innermost ? channels : pixels;
  const step = innermost ? cM : cCol;
  const next = innermost ? cCol : cM;
  // Along a run of channels bias and slopes move with it, along pixels from run to run.
  const along: usize = innermost ? 4 : 0;
  const across: usize = innermost ? 0 : 4;
  const kind = load<i32>(f);
  const simple = step == 4 && (kind == A_clamp || kind == A_none);
  const lo = f32x4.splat(load<f32>(f, 4));
  const hi = f32x4.splat(load<f32>(f, 8));
  for (let run = 0; run < runs; run++) {
    let done = 0;
    if (simple) {
      done = n & ~3;
      if (bias == 0) clampRun(c, done, lo, hi);
      else if (along == 0) clampShifted(c, done, v128.load32_splat(bias), lo, hi);
      else clampAdded(c, done, bias, lo, hi);
    } else if (bias != 0) {
      addBias(c, step, n, bias, along);
    }
    if (done < n) {
      const at = c + <usize>done * step;
      if (simple && bias != 0) addBias(at, step, n - done, bias + <usize>done * along, along);
      if (kind != A_none) activateSpan(f, at, step, n - done, slopes + <usize>done * along, along);
    }
    c += next;
    if (bias != 0) bias += across;
    slopes += across;
  }
}

/** Of the two kinds of minimum and maximum these are one instruction each, and let NaN through where x has it. */
@inline
function clamped(x: v128, lo: v128, hi: v128): v128 {
  return f32x4.pmin(f32x4.pmax(x, lo), hi);
}

function clampRun(at: usize, n: i32, lo: v128, hi: v128): void {
  const end = at + (<usize>n << 2);
  for (; at < end; at += 16) v128.store(at, clamped(v128.load(at), lo, hi));
}

function clampShifted(at: usize, n: i32, shift: v128, lo: v128, hi: v128): void {
  const end = at + (<usize>n << 2);
  for (; at + 64 <= end; at += 64) {
    const a = clamped(f32x4.add(v128.load(at), shift), lo, hi);
    const b = clamped(f32x4.add(v128.load(at, 16), shift), lo, hi);
    const c = clamped(f32x4.add(v128.load(at, 32), shift), lo, hi);
    const d = clamped(f32x4.add(v128.load(at, 48), shift), lo, hi);
    v128.store(at, a);
    v128.store(at, b, 16);
    v128.store(at, c, 32);
    v128.store(at, d, 48);
  }
  for (; at < end; at += 16) v128.store(at, clamped(f32x4.add(v128.load(at), shift), lo, hi));
}

function clampAdded(at: usize, n: i32, bias: usize, lo: v128, hi: v128): void {
  const end = at + (<usize>n << 2);
  for (; at + 64 <= end; at += 64, bias += 64) {
    const a = clamped(f32x4.add(v128.load(at), v128.load(bias)), lo, hi);
    const b = clamped(f32x4.add(v128.load(at, 16), v128.load(bias, 16)), lo, hi);
    const c = clamped(f32x4.add(v128.load(at, 32), v128.load(bias, 32)), lo, hi);
    const d = clamped(f32x4.add(v128.load(at, 48), v128.load(bias, 48)), lo, hi);
    v128.store(at, a);
    v128.store(at, b, 16);
    v128.store(at, c, 32);
    v128.store(at, d, 48);
  }
  for (; at < end; at += 16, bias += 16) {
    v128.store(at, clamped(f32x4.add(v128.load(at), v128.load(bias)), lo, hi));
  }
}

function addBias(at: usize, step: usize, n: i32, bias: usize, along: usize): void {
  for (let i = 0; i < n; i++) {
    store<f32>(at, load<f32>(at) + load<f32>(bias));
    at += step;
    bias += along;
  }
}
