// Pixels with their neighbours as rows of a matrix, where channels are innermost: a run of the image's line for every pixel.

/**
 * Copies `rows` x `cols` runs of `depth` bytes, `targetStep` apart in the target. Run (row, col) begins at byte
 * `first + col * step` of image line `y + row * sh`; what lies before a line, behind its `lineBytes` or outside of the
 * `ih` lines is 0. `lineStep` is the distance of two lines.
 */
export function lower(
  image: usize, target: usize, targetStep: usize, rows: i32, cols: i32, depth: i32,
  y: i32, sh: i32, ih: i32, lineStep: i32, first: i32, step: i32, lineBytes: i32,
): void {
  for (let row = 0; row < rows; row++, y += sh) {
    if (y < 0 || y >= ih) {
      for (let col = 0; col < cols; col++, target += targetStep) memory.fill(target, 0, depth);
      continue;
    }
    const line = image + <usize>(y * lineStep);
    let begin = first;
    for (let col = 0; col < cols; col++, target += targetStep, begin += step) {
      if (begin >= 0 && begin + depth <= lineBytes) copyBytes(target, line + <usize>begin, depth);
      else clipped(target, line, begin, depth, lineBytes);
    }
  }
}

/** `n` bytes, a multiple of 4. */
@inline
function copyBytes(to: usize, from: usize, n: i32): void {
  if (n < 16) {
    for (; n > 0; n -= 4, to += 4, from += 4) store<f32>(to, load<f32>(from));
    return;
  }
  // The last vector may overlap the one before it, so that nothing is left over.
  const lastTo = to + <usize>n - 16;
  const lastFrom = from + <usize>n - 16;
  while (to + 64 <= lastTo) {
    const a = v128.load(from);
    const b = v128.load(from, 16);
    const c = v128.load(from, 32);
    const d = v128.load(from, 48);
    v128.store(to, a);
    v128.store(to, b, 16);
    v128.store(to, c, 32);
    v128.store(to, d, 48);
    to += 64;
    from += 64;
  }
  while (to < lastTo) {
    v128.store(to, v128.load(from));
    to += 16;
    from += 16;
  }
  v128.store(lastTo, v128.load(lastFrom));
}

function clipped(to: usize, line: usize, begin: i32, depth: i32, lineBytes: i32): void {
  const low = min(depth, max(0, -begin));
  const high = max(low, min(depth, lineBytes - begin));
  memory.fill(to, 0, low);
  if (high > low) copyBytes(to + <usize>low, line + <usize>(begin + low), high - low);
  memory.fill(to + <usize>high, 0, depth - high);
}
