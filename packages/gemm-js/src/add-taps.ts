/** `sums` [from, to) += a weight times every `step`-th pixel; `pixel` is the first of them. */
export function addTap(
  memory: Float32Array,
  sums: Float64Array,
  weight: number,
  pixel: number,
  step: number,
  from: number,
  to: number,
): void {
  const w = memory[weight];
  pixel |= 0;
  step |= 0;
  for (let x = from; x < to; x++) {
    sums[x] += w * memory[pixel];
    pixel += step;
  }
}

/** The same for three taps, `spacing` pixels and `stride` weights apart. */
export function addThreeTaps(
  memory: Float32Array,
  sums: Float64Array,
  weight: number,
  stride: number,
  pixel: number,
  spacing: number,
  step: number,
  from: number,
  to: number,
): void {
  const w0 = memory[weight];
  const w1 = memory[weight + stride];
  const w2 = memory[weight + 2 * stride];
  let first = pixel | 0;
  let second = (pixel + spacing) | 0;
  let third = (second + spacing) | 0;
  step |= 0;
  for (let x = from; x < to; x++) {
    sums[x] = sums[x] + w0 * memory[first] + w1 * memory[second] + w2 * memory[third];
    first += step;
    second += step;
    third += step;
  }
}

/** The same for taps as far apart as the pixels (stride and dilation alike): each pixel is read once, not three times. */
export function slideThreeTaps(
  memory: Float32Array,
  sums: Float64Array,
  weight: number,
  stride: number,
  pixel: number,
  step: number,
  from: number,
  to: number,
): void {
  if (from >= to) return;
  const w0 = memory[weight];
  const w1 = memory[weight + stride];
  const w2 = memory[weight + 2 * stride];
  let p0 = memory[pixel];
  let p1 = memory[pixel + step];
  pixel = (pixel + 2 * step) | 0;
  step |= 0;
  for (let x = from; x < to; x++) {
    const p2 = memory[pixel];
    sums[x] = sums[x] + w0 * p0 + w1 * p1 + w2 * p2;
    p0 = p1;
    p1 = p2;
    pixel += step;
  }
}
