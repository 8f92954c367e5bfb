/** What one wasm file is generated for. */
export interface KernelVariant {
  readonly name: string;
  /** Relaxed fused multiply-add instead of a multiplication and an addition. */
  readonly fma: boolean;
  /** Rows of the register tile. */
  readonly mr: number;
  /** 128-bit vectors of a row of the tile; its columns are four times as many. */
  readonly vectors: number;
  /** Steps of k in one round of the innermost loop. */
  readonly unroll: number;
  /** Whether the memory it imports is shared. */
  readonly shared: boolean;
}

const range = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

/**
 * The AssemblyScript source of the register tiles of one variant: for every height up to `mr` a tile over channel planes
 * (rows of A splat against panels of B) and one over pixels (pixel pointers splat against panels of weights), each also
 * narrower than a panel, for the remainders of maps and channels.
 *
 * Every accumulator is a local of its own, so that the engine keeps it in a register.
 */
export function tileSource(variant: KernelVariant): string {
  const heights = range(variant.mr).map((i) => i + 1);
  const widths = range(variant.vectors).map((i) => i + 1);
  return [
    `export const MR: i32 = ${variant.mr};`,
    `export const NR: i32 = ${4 * variant.vectors};`,
    ...heights.flatMap((rows) =>
      widths.flatMap((width) => [planesTile(variant, rows, width), pixelsTile(variant, rows, width)]),
    ),
    dispatch("planesTile", planesParameters, heights, widths),
    dispatch("pixelsTile", pixelsParameters, heights, widths),
  ].join("\n");
}

const planesParameters =
  "a: usize, b: usize, depth: i32, c: usize, cs: usize, accumulate: i32, bias: usize, lo: f32, hi: f32";
const pixelsParameters =
  "outs: usize, table: usize, pitch: usize, taps: i32, channels: i32, step: usize, w: usize, at: usize, accumulate: i32, bias: usize, lo: f32, hi: f32";

/** Calls the tile of a height and a width in vectors, whole tiles first. */
function dispatch(name: string, parameters: string, heights: readonly number[], widths: readonly number[]): string {
  const names = parameters.split(", ").map((parameter) => parameter.split(":")[0]);
  const calls = [...widths]
    .reverse()
    .flatMap((width) => [
      `  if (width == ${width}) {`,
      ...[...heights]
        .reverse()
        .map((rows) => `    if (rows == ${rows}) return ${name}${rows}x${width}(${names.join(", ")});`),
      "  }",
    ]);
  return `export function ${name}(rows: i32, width: i32, ${parameters}): void {\n${calls.join("\n")}\n}`;
}

function madd({ fma }: KernelVariant, sum: string, a: string, b: string): string {
  return fma
    ? `${sum} = f32x4.relaxed_madd(${a}, ${b}, ${sum});`
    : `${sum} = f32x4.add(f32x4.mul(${a}, ${b}), ${sum});`;
}

const each = (rows: number, vectors: number, line: (r: number, v: number) => string): string =>
  range(rows)
    .map(
      (r) =>
        `  ${range(vectors)
          .map((v) => line(r, v))
          .join(" ")}`,
    )
    .join("\n");

/** C rows `c + r * cs` of 4 * vectors columns += a panel of A (mr wide) times a panel of B, `depth` long. */
function planesTile(variant: KernelVariant, rows: number, vectors: number): string {
  const { mr, unroll } = variant;
  const panel = 16 * variant.vectors;
  const step = (u: number): string =>
    [
      ...range(vectors).map((v) => `    b${v} = v128.load(b, ${u * panel + 16 * v});`),
      ...range(rows).map(
        (r) =>
          `    x = v128.load32_splat(a, ${4 * (u * mr + r)}); ${range(vectors)
            .map((v) => madd(variant, `c${r}_${v}`, "x", `b${v}`))
            .join(" ")}`,
      ),
    ].join("\n");
  const advance = (steps: number): string => `    a += ${4 * mr * steps}; b += ${panel * steps};`;
  return `
function planesTile${rows}x${vectors}(${planesParameters}): void {
${each(rows, vectors, (r, v) => `let c${r}_${v} = f32x4.splat(0);`)}
  let ${range(vectors)
    .map((v) => `b${v} = f32x4.splat(0)`)
    .join(", ")}, x = f32x4.splat(0);
  let end = b + <usize>(depth / ${unroll}) * ${panel * unroll};
  let last = b + <usize>depth * ${panel};
  while (b < end) {
${range(unroll).map(step).join("\n")}
${advance(unroll)}
  }
  while (b < last) {
${step(0)}
${advance(1)}
  }
${epilogue(rows, vectors, "c")}
}`;
}

/**
 * 4 * vectors output channels of `rows` pixels. `outs` holds the pixels' addresses in C, the table for every tap,
 * `pitch` bytes apart, their addresses in the image; channels are `step` bytes apart.
 */
function pixelsTile(variant: KernelVariant, rows: number, vectors: number): string {
  return `
function pixelsTile${rows}x${vectors}(${pixelsParameters}): void {
${each(rows, vectors, (r, v) => `let c${r}_${v} = f32x4.splat(0);`)}
  let ${range(vectors)
    .map((v) => `b${v} = f32x4.splat(0)`)
    .join(", ")}, x = f32x4.splat(0);
  let t = table;
  for (let tap = 0; tap < taps; tap++) {
    let ${range(rows)
      .map((r) => `p${r} = <usize>load<u32>(t, ${4 * r})`)
      .join(", ")};
    for (let n = channels; n > 0; n--) {
${range(vectors)
  .map((v) => `      b${v} = v128.load(w, ${16 * v});`)
  .join("\n")}
${range(rows)
  .map(
    (r) =>
      `      x = v128.load32_splat(p${r}); p${r} += step; ${range(vectors)
        .map((v) => madd(variant, `c${r}_${v}`, "x", `b${v}`))
        .join(" ")}`,
  )
  .join("\n")}
      w += ${16 * variant.vectors};
    }
    t += pitch;
  }
${range(rows)
  .map((r) => `  let o${r} = <usize>load<u32>(outs, ${4 * r}) + at;`)
  .join("\n")}
${epilogue(rows, vectors, "o")}
}`;
}

/**
 * Adds C and the bias, clamps, stores. A pseudo-minimum is one instruction where the IEEE one is seven, and keeps a NaN that
 * stands first. Over planes the bias is one value a row, over pixels a vector of channels.
 */
function epilogue(rows: number, vectors: number, target: "c" | "o"): string {
  const place = (r: number, v: number): string =>
    target === "c" ? `v128.load(c + ${r} * cs, ${16 * v})` : `v128.load(o${r}, ${16 * v})`;
  const bias = (r: number, v: number): string =>
    target === "c" ? `v128.load32_splat(bias, ${4 * r})` : `v128.load(bias, ${16 * v})`;
  const store = (r: number, v: number): string =>
    target === "c" ? `v128.store(c + ${r} * cs, c${r}_${v}, ${16 * v});` : `v128.store(o${r}, c${r}_${v}, ${16 * v});`;
  return `  if (accumulate) {
${each(rows, vectors, (r, v) => `c${r}_${v} = f32x4.add(c${r}_${v}, ${place(r, v)});`)}
  }
  if (bias) {
${each(rows, vectors, (r, v) => `c${r}_${v} = f32x4.add(c${r}_${v}, ${bias(r, v)});`)}
  }
  let low = f32x4.splat(lo), high = f32x4.splat(hi);
${each(rows, vectors, (r, v) => `c${r}_${v} = f32x4.pmin(f32x4.pmax(c${r}_${v}, low), high);`)}
${each(rows, vectors, store)}`;
}
