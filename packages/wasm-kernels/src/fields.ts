/**
 * The block of words in linear memory that tells a kernel its descriptor. This list is the only definition of it: the
 * AssemblyScript constants are generated from it, and providers write through `fieldOffset`. Every field is one word;
 * distances are bytes. A GEMM's taps follow as pairs dy, dx.
 */
export const gemmFields = [
  ...["m", "k", "rows", "cols", "beta", "bias", "activation", "lo", "hi", "alpha", "shift"],
  ...["batch", "batchA", "batchB", "batchC", "batchBias", "batchSlopes"],
  ...["aKind", "aM", "aK", "aPanel"],
  ...["bKind", "bK", "bRow", "bCol", "channels", "taps", "ih", "iw", "sh", "sw", "depth"],
  ...["cM", "cRow", "cCol", "kc", "nc", "run", "windowed", "sliding"],
] as const;

/** Six words each for what is per axis, from the outermost axis inwards. */
export const moverAxes = ["extent", "source", "target", "steps1", "steps2", "kSteps"] as const;
export const moverFields = [
  ...["extent1", "offset1", "extent2", "offset2", "rowAxis", "dealt", "depth", "panels"],
  ...["value", "activation", "lo", "hi", "alpha", "shift"],
] as const;

/** Of a tile transform: its fields in words. `panels` is their width, or 0. */
export const transformFields = [
  ...["tile", "image", "channels", "cols", "height", "width", "channel", "line", "col", "top", "left"],
  ...["panels", "depth", "point", "pointChannel", "pointTile"],
  ...["bias", "activation", "lo", "hi", "alpha", "shift"],
] as const;
/** Scratch of a transform with panels of this width: two tiles of vectors, four padded tiles, the places of a panel. */
export const transformScratchBytes = (panelWidth: number): number => 2 * 36 * 16 + 4 * 6 * 32 + 16 * panelWidth;
export const transformWords: number = transformFields.length;

export type GemmField = (typeof gemmFields)[number];
export type MoverField = (typeof moverFields)[number];

/** Words of a GEMM's block before its taps. */
export const gemmWords: number = gemmFields.length;
export const moverWords: number = 6 * moverAxes.length + moverFields.length;

/** Values of `aKind`, `bKind` and `activation`. */
export const operandKinds = { packed: 0, plain: 1, patch: 2, panels: 3 } as const;
export const activationCodes = {
  ...{ none: 0, clamp: 1, "leaky-relu": 2, prelu: 3, elu: 4 },
  ...{ sigmoid: 5, "hard-sigmoid": 6, "hard-swish": 7, tanh: 8 },
} as const;

/** The AssemblyScript constants: G_ for GEMM fields, M_ for movers' fields and axes, T_ for transforms, K_ for kinds, A_ for activations. */
export function fieldConstants(): string {
  const line = (prefix: string, name: string, value: number, type = "usize"): string =>
    `export const ${prefix}${name.replaceAll("-", "_")}: ${type} = ${value};`;
  return [
    ...gemmFields.map((name, i) => line("G_", name, 4 * i)),
    line("G_", "TAPS", 4 * gemmWords),
    ...moverAxes.map((name, i) => line("M_", name, 24 * i)),
    ...moverFields.map((name, i) => line("M_", name, 4 * (6 * moverAxes.length + i))),
    ...transformFields.map((name, i) => line("T_", name, 4 * i)),
    ...Object.entries(operandKinds).map(([name, value]) => line("K_", name, value, "i32")),
    ...Object.entries(activationCodes).map(([name, value]) => line("A_", name, value, "i32")),
  ].join("\n");
}
