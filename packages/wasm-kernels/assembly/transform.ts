// The tile transforms as movers. Vectors hold four tiles of one channel (planes), or four channels of one tile (pixels).
import {
  T_activation, T_bias, T_channel, T_channels, T_col, T_cols, T_depth, T_height, T_hi, T_image, T_left, T_line, T_lo,
  T_panels, T_point, T_pointChannel, T_pointTile, T_tile, T_top, T_width, A_clamp, A_prelu,
} from "./fields";
import { field, shareStart } from "./grid";
import { inputPass, outputPass, store2, store4 } from "./winograd";

/** Of the file of kernels that the same memory is used with: exponentials need not be here once more. */
@external("kernels", "activateSpan")
declare function activateSpan(f: usize, at: usize, step: usize, n: i32, slopes: usize, slopeStep: usize): void;

// Scratch: half a transform, a whole one, padded tiles of four vectors' lanes, and where the tiles of a panel lie.
const WHOLE: usize = 36 * 16;
const PADDED: usize = 2 * 36 * 16;
const PADDED_BYTES: usize = 6 * 32;
const PLACES: usize = PADDED + 4 * PADDED_BYTES;
/** A line that no tile near it shares with an image. */
const NOWHERE: i32 = -0x10000000;

export function transform(
  d: usize, source: usize, target: usize, bias: usize, slopes: usize,
  rowBegin: i32, rowEnd: i32, scratch: usize, part: i32, parts: i32,
): void {
  const channels = field(d, T_channels);
  const count = rowEnd - rowBegin;
  if (count <= 0 || channels == 0) return;
  if (field(d, T_panels) || (field(d, T_image) && field(d, T_pointTile) == 4)) {
    const c0 = shareStart(channels, part, parts, 1);
    const c1 = shareStart(channels, part + 1, parts, 1);
    if (field(d, T_image)) planesToImage(d, source, target, bias, slopes, rowBegin, count, scratch, c0, c1);
    else planesToPanels(d, source, target, rowBegin, count, scratch, c0, c1);
  } else {
    const t0 = shareStart(count, part, parts, 1);
    const t1 = shareStart(count, part + 1, parts, 1);
    if (field(d, T_image)) pixelsToImage(d, source, target, bias, slopes, rowBegin, t0, t1, scratch);
    else pixelsToPoints(d, source, target, rowBegin, t0, t1, scratch);
  }
}

/** Vectors of one line of four tiles, transposed, through one side of the transform. */
@inline
function inputLine(tile: i32, p0: usize, p1: usize, p2: usize, p3: usize, to: usize): void {
  const a0 = v128.load(p0);
  const a1 = v128.load(p1);
  const a2 = v128.load(p2);
  const a3 = v128.load(p3);
  const low01 = v128.shuffle<f32>(a0, a1, 0, 4, 1, 5);
  const low23 = v128.shuffle<f32>(a2, a3, 0, 4, 1, 5);
  const high01 = v128.shuffle<f32>(a0, a1, 2, 6, 3, 7);
  const high23 = v128.shuffle<f32>(a2, a3, 2, 6, 3, 7);
  const x0 = v128.shuffle<f32>(low01, low23, 0, 1, 4, 5);
  const x1 = v128.shuffle<f32>(low01, low23, 2, 3, 6, 7);
  const x2 = v128.shuffle<f32>(high01, high23, 0, 1, 4, 5);
  const x3 = v128.shuffle<f32>(high01, high23, 2, 3, 6, 7);
  if (tile == 2) store2(to, 16, x0, x1, x2, x3);
  else {
    const b01 = v128.load64_lane(p1, v128.load64_zero(p0, 16), 1, 16);
    const b23 = v128.load64_lane(p3, v128.load64_zero(p2, 16), 1, 16);
    store4(to, 16, x0, x1, x2, x3, v128.shuffle<f32>(b01, b23, 0, 2, 4, 6), v128.shuffle<f32>(b01, b23, 1, 3, 5, 7));
  }
}

/** A tile that leaves the image, or whose columns are not contiguous, with zeros outside, lines 32 bytes apart. */
function padTile(d: usize, plane: usize, y: i32, x: i32, side: i32, to: usize): void {
  const line = field(d, T_line);
  const col = <usize>field(d, T_col);
  const height = field(d, T_height);
  const first = max(0, -x);
  const end = min(side, field(d, T_width) - x);
  for (let i = 0; i < side; i++) {
    v128.store(to, f32x4.splat(0));
    v128.store(to, f32x4.splat(0), 16);
    if (<u32>(y + i) < <u32>height) {
      let from = plane + <usize>((y + i) * line) + <usize>(x + first) * col;
      for (let j = first; j < end; j++) {
        store<f32>(to + (<usize>j << 2), load<f32>(from));
        from += col;
      }
    }
    to += 32;
  }
}

function planesToPanels(d: usize, source: usize, target: usize, first: i32, count: i32, scratch: usize, c0: i32, c1: i32): void {
  const tile = field(d, T_tile);
  const side = tile + 2;
  const cols = field(d, T_cols);
  const line = <usize>field(d, T_line);
  const channel = <usize>field(d, T_channel);
  const contiguous = field(d, T_col) == 4;
  const point = <usize>field(d, T_point);
  const places = scratch + PLACES;
  const padded = scratch + PADDED;
  const lines = <usize>side << 4;
  const width = field(d, T_panels);
  for (let n = 0; n < count; n += width) {
    let row = (first + n) / cols;
    let column = (first + n) % cols;
    for (let t = 0; t < width; t++) {
      const at = places + (<usize>t << 4);
      const y = n + t < count ? field(d, T_top) + row * tile : NOWHERE;
      const x = field(d, T_left) + column * tile;
      const inside = contiguous && y >= 0 && x >= 0 && y + side <= field(d, T_height) && x + side <= field(d, T_width);
      store<i32>(at, y);
      store<i32>(at, x, 4);
      store<i32>(at, inside, 8);
      store<i32>(at, y * <i32>line + (x << 2), 12);
      if (++column == cols) {
        column = 0;
        row++;
      }
    }
    let to = target + <usize>(n * field(d, T_depth) + c0 * width) * 4;
    for (let c = c0; c < c1; c++) {
      const plane = source + <usize>c * channel;
      for (let t = 0; t < width; t += 4) {
        const at = places + (<usize>t << 4);
        let p0: usize, p1: usize, p2: usize, p3: usize, s0 = line, s1 = line, s2 = line, s3 = line;
        if (load<i32>(at, 8)) p0 = plane + <usize>load<i32>(at, 12);
        else {
          p0 = padded;
          s0 = 32;
          padTile(d, plane, load<i32>(at), load<i32>(at, 4), side, p0);
        }
        if (load<i32>(at, 24)) p1 = plane + <usize>load<i32>(at, 28);
        else {
          p1 = padded + PADDED_BYTES;
          s1 = 32;
          padTile(d, plane, load<i32>(at, 16), load<i32>(at, 20), side, p1);
        }
        if (load<i32>(at, 40)) p2 = plane + <usize>load<i32>(at, 44);
        else {
          p2 = padded + 2 * PADDED_BYTES;
          s2 = 32;
          padTile(d, plane, load<i32>(at, 32), load<i32>(at, 36), side, p2);
        }
        if (load<i32>(at, 56)) p3 = plane + <usize>load<i32>(at, 60);
        else {
          p3 = padded + 3 * PADDED_BYTES;
          s3 = 32;
          padTile(d, plane, load<i32>(at, 48), load<i32>(at, 52), side, p3);
        }
        let half = scratch;
        for (let i = 0; i < side; i++) {
          inputLine(tile, p0, p1, p2, p3, half);
          p0 += s0;
          p1 += s1;
          p2 += s2;
          p3 += s3;
          half += lines;
        }
        inputPass(tile, scratch, 16, lines, to + (<usize>t << 2), point, <usize>side * point, side);
      }
      to += <usize>width << 2;
    }
  }
}

/** Bias and activation of `vectors` vectors of one channel, or of four. */
@inline
function finish(d: usize, at: usize, vectors: i32, add: v128, slopes: usize, slopeStep: usize): void {
  const end = at + (<usize>vectors << 4);
  const kind = field(d, T_activation);
  if (kind <= A_clamp) {
    const lo = v128.load32_splat(d + T_lo);
    const hi = v128.load32_splat(d + T_hi);
    for (; at < end; at += 16) v128.store(at, f32x4.min(f32x4.max(f32x4.add(v128.load(at), add), lo), hi));
    return;
  }
  for (; at < end; at += 16) {
    v128.store(at, f32x4.add(v128.load(at), add));
    activateSpan(d + T_activation, at, 4, 4, slopes, slopeStep);
  }
}

function planesToImage(
  d: usize, source: usize, target: usize, bias: usize, slopes: usize, first: i32, count: i32, scratch: usize, c0: i32, c1: i32,
): void {
  const tile = field(d, T_tile);
  const side = tile + 2;
  const cols = field(d, T_cols);
  const line = <usize>field(d, T_line);
  const col = <usize>field(d, T_col);
  const height = field(d, T_height);
  const width = field(d, T_width);
  const point = <usize>field(d, T_point);
  const whole = scratch + WHOLE;
  const copied = scratch + PADDED;
  const prelu = field(d, T_activation) == A_prelu;
  for (let c = c0; c < c1; c++) {
    const from = source + <usize>(c * field(d, T_pointChannel));
    const plane = target + <usize>(c * field(d, T_channel));
    const add = field(d, T_bias) ? v128.load32_splat(bias + (<usize>c << 2)) : f32x4.splat(0);
    let row = first / cols;
    let column = first % cols;
    for (let n = 0; n < count; n += 4) {
      const lanes = min(4, count - n);
      let at = from + (<usize>n << 2);
      let step = point;
      if (lanes < 4) {
        for (let i = 0; i < side * side; i++) {
          for (let t = 0; t < lanes; t++) {
            store<f32>(copied + <usize>((i << 4) + (t << 2)), load<f32>(at + <usize>i * point + (<usize>t << 2)));
          }
        }
        at = copied;
        step = 16;
      }
      outputPass(tile, at, step, <usize>side * step, scratch, 16, <usize>side << 4, side);
      outputPass(tile, scratch, <usize>side << 4, 16, whole, <usize>tile << 4, 16, tile);
      finish(d, whole, tile * tile, add, slopes + (prelu ? <usize>c << 2 : 0), 0);
      if (tile == 2) transpose2(whole);
      else for (let i: usize = 0; i < 256; i += 64) transpose4(whole + i);
      // Now [line][tile][column].
      for (let t = 0; t < lanes; t++) {
        const y = row * tile;
        const x = column * tile;
        const rows = min(tile, height - y);
        const columns = min(tile, width - x);
        let to = plane + <usize>y * line + <usize>x * col;
        let value = whole + <usize>(t * tile << 2);
        for (let i = 0; i < rows; i++) {
          if (columns == 4 && col == 4) v128.store(to, v128.load(value));
          else if (columns == 2 && col == 4) store<u64>(to, load<u64>(value));
          else for (let j = 0; j < columns; j++) store<f32>(to + <usize>j * col, load<f32>(value + (<usize>j << 2)));
          to += line;
          value += <usize>tile << 4;
        }
        if (++column == cols) {
          column = 0;
          row++;
        }
      }
    }
  }
}

/** [line][column] vectors of four tiles to [line][tile][column]. */
@inline
function transpose2(at: usize): void {
  for (let i: usize = 0; i < 64; i += 32) {
    const a = v128.load(at + i);
    const b = v128.load(at + i, 16);
    v128.store(at + i, v128.shuffle<f32>(a, b, 0, 4, 1, 5));
    v128.store(at + i, v128.shuffle<f32>(a, b, 2, 6, 3, 7), 16);
  }
}

@inline
function transpose4(at: usize): void {
  const a0 = v128.load(at);
  const a1 = v128.load(at, 16);
  const a2 = v128.load(at, 32);
  const a3 = v128.load(at, 48);
  const low01 = v128.shuffle<f32>(a0, a1, 0, 4, 1, 5);
  const low23 = v128.shuffle<f32>(a2, a3, 0, 4, 1, 5);
  const high01 = v128.shuffle<f32>(a0, a1, 2, 6, 3, 7);
  const high23 = v128.shuffle<f32>(a2, a3, 2, 6, 3, 7);
  v128.store(at, v128.shuffle<f32>(low01, low23, 0, 1, 4, 5));
  v128.store(at, v128.shuffle<f32>(low01, low23, 2, 3, 6, 7), 16);
  v128.store(at, v128.shuffle<f32>(high01, high23, 0, 1, 4, 5), 32);
  v128.store(at, v128.shuffle<f32>(high01, high23, 2, 3, 6, 7), 48);
}

/** Up to four floats `step` apart to a vector in memory. */
@inline
function gather(from: usize, step: usize, lanes: i32, to: usize): void {
  for (let i = 0; i < lanes; i++) {
    store<f32>(to + (<usize>i << 2), load<f32>(from));
    from += step;
  }
}

@inline
function scatter(from: usize, to: usize, step: usize, lanes: i32): void {
  for (let i = 0; i < lanes; i++) {
    store<f32>(to, load<f32>(from + (<usize>i << 2)));
    to += step;
  }
}

function pixelsToPoints(d: usize, source: usize, target: usize, first: i32, t0: i32, t1: i32, scratch: usize): void {
  const tile = field(d, T_tile);
  const side = tile + 2;
  const cols = field(d, T_cols);
  const channels = field(d, T_channels);
  const line = <usize>field(d, T_line);
  const col = <usize>field(d, T_col);
  const channel = <usize>field(d, T_channel);
  const height = field(d, T_height);
  const width = field(d, T_width);
  const point = <usize>field(d, T_point);
  const whole = scratch + WHOLE;
  for (let t = t0; t < t1; t++) {
    const y = field(d, T_top) + (first + t) / cols * tile;
    const x = field(d, T_left) + (first + t) % cols * tile;
    const inside = channel == 4 && y >= 0 && x >= 0 && y + side <= height && x + side <= width;
    const to = target + <usize>(t * field(d, T_pointTile));
    for (let c = 0; c < channels; c += 4) {
      const lanes = min(4, channels - c);
      let at = source + <usize>y * line + <usize>x * col + <usize>c * channel;
      let atLine = line;
      let atCol = col;
      if (!inside || lanes < 4) {
        for (let i = 0; i < side; i++) {
          for (let j = 0; j < side; j++) {
            const copy = whole + (<usize>(i * side + j) << 4);
            const from = at + <usize>i * line + <usize>j * col;
            const isPixel = <u32>(y + i) < <u32>height && <u32>(x + j) < <u32>width;
            if (isPixel && lanes == 4 && channel == 4) v128.store(copy, v128.load(from));
            else {
              v128.store(copy, f32x4.splat(0));
              if (isPixel) gather(from, channel, lanes, copy);
            }
          }
        }
        at = whole;
        atLine = <usize>side << 4;
        atCol = 16;
      }
      inputPass(tile, at, atLine, atCol, scratch, <usize>side << 4, 16, side);
      const place = to + (<usize>c << 2);
      if (lanes == 4) inputPass(tile, scratch, 16, <usize>side << 4, place, point, <usize>side * point, side);
      else {
        inputPass(tile, scratch, 16, <usize>side << 4, whole, 16, <usize>side << 4, side);
        for (let i = 0; i < side * side; i++) scatter(whole + (<usize>i << 4), place + <usize>i * point, 4, lanes);
      }
    }
  }
}

function pixelsToImage(
  d: usize, source: usize, target: usize, bias: usize, slopes: usize, first: i32, t0: i32, t1: i32, scratch: usize,
): void {
  const tile = field(d, T_tile);
  const side = tile + 2;
  const cols = field(d, T_cols);
  const channels = field(d, T_channels);
  const line = <usize>field(d, T_line);
  const col = <usize>field(d, T_col);
  const channel = <usize>field(d, T_channel);
  const point = <usize>field(d, T_point);
  const whole = scratch + WHOLE;
  const copied = scratch + PADDED;
  const prelu = field(d, T_activation) == A_prelu;
  for (let t = t0; t < t1; t++) {
    const y = (first + t) / cols * tile;
    const x = (first + t) % cols * tile;
    const rows = min(tile, field(d, T_height) - y);
    const columns = min(tile, field(d, T_width) - x);
    for (let c = 0; c < channels; c += 4) {
      const lanes = min(4, channels - c);
      let at = source + <usize>(t * field(d, T_pointTile)) + (<usize>c << 2);
      let step = point;
      let add = f32x4.splat(0);
      let slope = slopes;
      if (prelu) slope += <usize>c << 2;
      if (lanes < 4) {
        for (let i = 0; i < side * side; i++) gather(at + <usize>i * point, 4, lanes, copied + (<usize>i << 4));
        at = copied;
        step = 16;
      }
      outputPass(tile, at, step, <usize>side * step, scratch, 16, <usize>side << 4, side);
      outputPass(tile, scratch, <usize>side << 4, 16, whole, <usize>tile << 4, 16, tile);
      if (lanes == 4) {
        if (field(d, T_bias)) add = v128.load(bias + (<usize>c << 2));
      } else {
        v128.store(scratch, add);
        if (field(d, T_bias)) gather(bias + (<usize>c << 2), 4, lanes, scratch);
        add = v128.load(scratch);
        if (prelu) {
          gather(slope, 4, lanes, scratch);
          slope = scratch;
        }
      }
      finish(d, whole, tile * tile, add, slope, prelu ? 4 : 0);
      for (let i = 0; i < rows; i++) {
        let to = target + <usize>(y + i) * line + <usize>x * col + <usize>c * channel;
        let value = whole + (<usize>(i * tile) << 4);
        for (let j = 0; j < columns; j++) {
          if (lanes == 4 && channel == 4) v128.store(to, v128.load(value));
          else scatter(value, to, channel, lanes);
          to += col;
          value += 16;
        }
      }
    }
  }
}
