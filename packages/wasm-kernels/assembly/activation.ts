// Activations over spans of elements. `f` points to the words activation, lo, hi, alpha, shift of a block.
import {
  A_clamp, A_elu, A_hard_sigmoid, A_hard_swish, A_leaky_relu, A_prelu, A_sigmoid, A_tanh,
} from "./fields";

/** `n` elements `step` bytes apart; the slope of prelu moves by `slopeStep`. */
export function activateSpan(f: usize, at: usize, step: usize, n: i32, slopes: usize, slopeStep: usize): void {
  const kind = load<i32>(f);
  const lo = load<f32>(f, 4);
  const hi = load<f32>(f, 8);
  const alpha = load<f32>(f, 12);
  const shift = load<f32>(f, 16);
  if (step == 4 && n >= 4) {
    const vectors = vectorSpan(kind, at, n, lo, hi, alpha, shift, slopes, slopeStep);
    at += <usize>vectors << 4;
    slopes += <usize>(vectors << 2) * slopeStep;
    n -= vectors << 2;
  }
  for (let i = 0; i < n; i++) {
    const slope: f32 = kind == A_prelu ? load<f32>(slopes) : 0;
    store<f32>(at, activate(kind, load<f32>(at), lo, hi, alpha, shift, slope));
    at += step;
    slopes += slopeStep;
  }
}

/** The activations that vectors of four compute with the same operations as the scalars; returns how many vectors. */
function vectorSpan(
  kind: i32, at: usize, n: i32, lo: f32, hi: f32, alpha: f32, shift: f32, slopes: usize, slopeStep: usize,
): i32 {
  const zero = f32x4.splat(0);
  const vectors = n >> 2;
  const end = at + (<usize>vectors << 4);
  if (kind == A_clamp) {
    for (; at < end; at += 16) v128.store(at, f32x4.pmin(f32x4.pmax(v128.load(at), f32x4.splat(lo)), f32x4.splat(hi)));
    return vectors;
  }
  if (kind == A_leaky_relu) {
    for (; at < end; at += 16) {
      const x = v128.load(at);
      v128.store(at, v128.bitselect(f32x4.mul(x, f32x4.splat(alpha)), x, f32x4.lt(x, zero)));
    }
    return vectors;
  }
  if (kind == A_prelu && (slopeStep == 0 || slopeStep == 4)) {
    for (; at < end; at += 16) {
      const x = v128.load(at);
      const slope = slopeStep == 0 ? v128.load32_splat(slopes) : v128.load(slopes);
      v128.store(at, v128.bitselect(f32x4.mul(x, slope), x, f32x4.lt(x, zero)));
      slopes += slopeStep << 2;
    }
    return vectors;
  }
  if (kind == A_hard_sigmoid) {
    const one = f32x4.splat(1);
    for (; at < end; at += 16) {
      const y = f32x4.add(f32x4.mul(v128.load(at), f32x4.splat(alpha)), f32x4.splat(shift));
      v128.store(at, f32x4.pmin(f32x4.pmax(y, zero), one));
    }
    return vectors;
  }
  if (kind == A_hard_swish) {
    const six = f32x4.splat(6);
    for (; at < end; at += 16) {
      const x = v128.load(at);
      const y = f32x4.pmin(f32x4.pmax(f32x4.add(x, f32x4.splat(3)), zero), six);
      v128.store(at, f32x4.div(f32x4.mul(x, y), six));
    }
    return vectors;
  }
  return 0;
}

/** As pmax and pmin compare, so that a lane and a lone element have the same bits. */
function clamp(x: f32, lo: f32, hi: f32): f32 {
  const y = x < lo ? lo : x;
  return hi < y ? hi : y;
}

function activate(kind: i32, x: f32, lo: f32, hi: f32, alpha: f32, shift: f32, slope: f32): f32 {
  switch (kind) {
    case A_clamp:
      return clamp(x, lo, hi);
    case A_leaky_relu:
      return x < 0 ? alpha * x : x;
    case A_prelu:
      return x < 0 ? slope * x : x;
    case A_elu:
      return x < 0 ? <f32>(alpha * <f32>NativeMath.expm1(<f64>x)) : x;
    case A_sigmoid:
      return <f32>(1 / (1 + NativeMath.exp(-(<f64>x))));
    case A_hard_sigmoid:
      return clamp(alpha * x + shift, 0, 1);
    case A_hard_swish:
      return (x * clamp(x + 3, 0, 6)) / 6;
    case A_tanh:
      return <f32>NativeMath.tanh(<f64>x);
    default:
      return x;
  }
}
