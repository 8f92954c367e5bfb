import type { Capabilities, GemmWork } from "@leanconv/gemm";
import type { RateKind } from "../cost/machine-profile.ts";
import { type GemmShape, mostCopies } from "./gemm-case.ts";
import type { MoveShape, TilesShape } from "./move-case.ts";

// Which products and moves are timed. They span what products can be, and are taken from no network.

export const layouts = ["nchw", "nhwc"] as const;
export const kinds: readonly RateKind[] = ["plain", "tap", "patch", "panels"];
type Layout = GemmWork["layout"];

/** Sizes of the grid of rates: rows of C, images of pixels, and channels by side of the kernel. */
export interface GridSizes {
  readonly m: readonly number[];
  readonly images: readonly (readonly [rows: number, cols: number])[];
  readonly depths: readonly (readonly [channels: number, side: number])[];
}

export function gridSizes(kind: RateKind, thorough: boolean): GridSizes {
  if (!thorough) {
    const images: GridSizes["images"] = [
      [1, 8],
      [8, 8],
      [16, 16],
      [40, 40],
    ];
    return {
      m: [8, 48, 240, 960],
      // Panels are read as they lie: nothing but the ends of an image depends on its size.
      images: kind === "panels" ? [images[1], images[3]] : images,
      depths:
        kind === "patch"
          ? [
              [4, 3],
              [16, 3],
              [128, 3],
            ]
          : kind === "panels"
            ? [
                [8, 1],
                [64, 1],
                [512, 1],
              ]
            : [
                [2, 1],
                [8, 1],
                [64, 1],
                [512, 1],
              ],
    };
  }
  return {
    m: [4, 12, 32, 96, 256, 1024],
    images: [
      [1, 8],
      [4, 8],
      [12, 12],
      [28, 28],
      [56, 56],
      [112, 112],
    ],
    depths:
      kind === "patch"
        ? [
            [8, 1],
            [8, 3],
            [32, 3],
            [128, 3],
            [512, 3],
          ]
        : [
            [4, 1],
            [16, 1],
            [64, 1],
            [256, 1],
            [1024, 1],
          ],
  };
}

export function gridShape(
  kind: RateKind,
  layout: Layout,
  m: number,
  [rows, cols]: GridSizes["images"][number],
  [channels, side]: GridSizes["depths"][number],
): GemmShape {
  return { kind: kind === "tap" ? "patch" : kind, layout, m, rows, cols, channels, side };
}

/** One product of nothing but a tile: what a call costs. */
export function callShape(layout: Layout): GemmShape {
  return { kind: "plain", layout, m: 1, rows: 1, cols: 1, channels: 1 };
}

/** Two tiles, and a row or a column more. */
export function tailShapes(
  layout: Layout,
  { mr, nr, productTile }: Capabilities,
): { readonly whole: GemmShape } & Record<"m" | "n", GemmShape> {
  const tile = productTile ?? { mr, nr };
  const [m, cols] = layout === "nchw" ? [2 * tile.mr, 4 * tile.nr] : [2 * tile.nr, 4 * tile.mr];
  const whole: GemmShape = { kind: "plain", layout, m, rows: 1, cols, channels: 256 };
  return { whole, m: { ...whole, m: m + 1 }, n: { ...whole, cols: cols + 1 } };
}

/** Numbers of rows that tell what an element of B costs once from what it costs with every row. */
export const fewRows = 12;
export const manyRows = 48;

/** Pixels of a line follow each other in nchw alone, and with a stride they are apart. */
export const lineStrides: Readonly<Record<Layout, readonly number[]>> = { nchw: [1, 2, 4], nhwc: [] };

type Sized = readonly (readonly [size: number, shape: GemmShape])[];

/** Patches over lines of so many pixels. */
export function lineShapes(layout: Layout, stride: number, m: number): Sized {
  return [7, 14, 28, 112].map((cols) => {
    const rows = 2 * Math.max(1, Math.round(112 / cols));
    return [cols, { kind: "patch", layout, m, rows, cols, channels: 16, side: 3, stride }];
  });
}

/** Patches with so many channels, and about the same k by kernels of another size. */
export function tapShapes(layout: Layout, m: number): Sized {
  const depths = [
    [1, 12],
    [3, 7],
    [8, 4],
    [16, 3],
    [32, 2],
    [128, 1],
  ] as const;
  return depths.map(([channels, side]) => [channels, { kind: "patch", layout, m, rows: 8, cols: 32, channels, side }]);
}

export function crossedShapes(layout: Layout, m: number): Record<"crossed" | "straight", GemmShape> {
  const straight: GemmShape = { kind: "plain", layout, m, rows: 24, cols: 24, channels: 64 };
  return { straight, crossed: { ...straight, crossed: true } };
}

/** A lone tap over lines that do not follow each other. */
export function apartShape(layout: Layout): GemmShape {
  return { kind: "patch", layout, m: 48, rows: 40, cols: 14, channels: 64, unread: 2 };
}

/** The same with and without a bias, with little else to do. */
export function finishShapes(layout: Layout): Record<"bare" | "finished", GemmShape> {
  const bare: GemmShape = { kind: "plain", layout, m: 64, rows: 32, cols: 32, channels: 16 };
  return { bare, finished: { ...bare, bias: true } };
}

/** C that stays in the nearest caches, and larger ones. */
export function updateShapes(layout: Layout): readonly Record<"once" | "again", GemmShape>[] {
  const sizes = [
    [24, 64],
    [64, 16],
    [128, 16],
  ] as const;
  return sizes.map(([side, channels]) => {
    const once: GemmShape = { kind: "plain", layout, m: 64, rows: side, cols: side, channels };
    return { once, again: { ...once, beta: 1 } };
  });
}

/**
 * A small product, and as many of them with weights of their own as fill caches of several sizes: where the last cache ends
 * decides about transforms, whose weights every block of tiles reads again.
 */
export function farShapes(): readonly (readonly [bytes: number, shape: GemmShape])[] {
  const shape: GemmShape = { kind: "plain", layout: "nhwc", m: 256, rows: 1, cols: 8, channels: 256 };
  return [1, 4, 16, 32, 48, 64, mostCopies].map((copies) => [
    4 * copies * shape.m * shape.channels,
    { ...shape, copies },
  ]);
}

export const rowWidths: readonly number[] = [7, 14, 28, 56];

/** Rows of C that follow each other, and rows with a gap between them. */
export function rowShapes(cols: number): Record<"flat" | "apart", GemmShape> {
  const flat: GemmShape = { kind: "plain", layout: "nchw", m: 48, rows: 8 * Math.round(56 / cols), cols, channels: 64 };
  return { flat, apart: { ...flat, gap: 1 } };
}

export const depthwiseWidths: readonly number[] = [7, 14, 28, 112];

/** Strides and sides of depthwise kernels. */
export const depthwiseKernels: readonly (readonly [stride: number, side: number])[] = [
  [1, 1],
  [1, 3],
  [1, 5],
  [2, 1],
  [2, 3],
];

/** With a bias, as networks have it, and no power of two between pixels. As many channels as make an image of some hundred kilobytes: they are not in the nearest cache either. */
export function depthwiseShape(layout: Layout, stride: number, side: number, cols: number): GemmShape {
  const channels = 16 * Math.min(60, Math.max(1, Math.round(2 ** 11 / (cols * cols))));
  return { kind: "patch", layout, m: 1, rows: cols, cols, channels: 1, side, stride, depthwise: channels, bias: true };
}

/** Elements of a move that stays in a level-1 or level-2 cache. */
const moved = 1 << 13;

export function moveShapes(): readonly MoveShape[] {
  const shapes = (kind: MoveShape["kind"], form: MoveShape["form"], inners: readonly number[]): MoveShape[] =>
    inners.map((inner) => ({ kind, form, inner, outer: Math.max(1, Math.round(moved / inner)) }));
  return [
    ...shapes("copy", "contiguous", [2, 7, 14, 28, 64, 512]),
    ...shapes("copy", "spaced", [7, 28, 112]),
    ...shapes("copy", "gathered", [2, 8, 32, 256]),
    ...shapes("copy", "gathered-far", [8, 32, 256]),
    ...shapes("copy", "scattered", [8, 32, 256]),
    ...shapes("copy", "scattered-far", [8, 32, 256]),
    ...shapes("copy", "panels", [7, 14, 28, 64, 512]),
    ...shapes("copy", "panels-spaced", [7, 28, 112]),
    ...shapes("copy", "panels-deep", [2, 8, 32, 256]),
    ...shapes("add", "contiguous", [7, 14, 28, 64, 512]),
    ...shapes("add", "spaced", [28]),
    ...shapes("add", "gathered", [8, 256]),
    ...shapes("add", "scattered", [8, 256]),
    ...shapes("fill", "contiguous", [8, 64, 512]),
    ...shapes("fill", "scattered", [8, 256]),
    ...shapes("activate", "contiguous", [8, 64, 512]),
    ...shapes("activate", "scattered", [8, 256]),
  ];
}

/** A move of next to nothing: what a call costs. */
export const tinyMove: MoveShape = { kind: "copy", form: "contiguous", inner: 1, outer: 1 };

/** Sides of transformed tiles: F(2x2, 3x3) and F(4x4, 3x3). */
export const tileSides: readonly number[] = [4, 6];

/** A transform of each kind into points, and back. */
export function tilesShapes(form: TilesShape["form"], tiles: number): readonly TilesShape[] {
  return (["points", "image"] as const).map((to) => ({ tiles, form, to }));
}

export function spillShapes(thorough: boolean): readonly MoveShape[] {
  const sizes = thorough ? [1 << 13, 1 << 15, 1 << 17, 1 << 19, 1 << 21] : [1 << 13, 1 << 16, 1 << 19];
  return sizes.map((elements) => ({ kind: "copy", form: "contiguous", inner: 64, outer: elements / 64 }));
}
