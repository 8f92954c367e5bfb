import { roundUp } from "@leanconv/core";
import type { MoveForm, MoverDescriptor, TransformDescriptor, WinogradTile } from "@leanconv/gemm";
import { type Case, caseOf } from "./case.ts";

/** A move on synthetic data: `outer` runs of `inner` elements. */
export interface MoveShape {
  readonly kind: "copy" | "add" | "fill" | "activate";
  readonly form: Exclude<MoveForm, "tiles" | "tiles-deep">;
  readonly inner: number;
  readonly outer: number;
}

export function moveCase({ kind, form, inner, outer }: MoveShape): Case {
  const dtype = "float32";
  // The outer runs go over an image of lines, along them or across.
  const lines = 16;
  const line = Math.max(Math.ceil(outer / lines), 16);
  const plane = lines * line;
  const far = form === "gathered-far" || form === "scattered-far";
  const extents = far ? [Math.ceil(outer / lines), lines, inner] : [outer, inner];
  const dense = far ? [lines * inner, inner, 1] : [inner, 1];
  const apart = far ? [1, line, plane] : [1, plane];
  const pitched = far ? dense : [inner + 2, 1];
  const spaced = [2 * inner, 2];
  const elements = Math.max(inner * plane, plane * (inner + 2), 2 * outer * inner);
  const places = { source: { elements }, target: { elements } };
  if (kind === "copy" && (form === "panels" || form === "panels-spaced" || form === "panels-deep")) {
    const deep = form === "panels-deep";
    const depth = deep ? inner : outer;
    const target = { kind: "panels", depth, k: deep ? [0, 1] : [1, 0], col: deep ? [1, 0] : [0, 1] } as const;
    const source = form === "panels-spaced" ? spaced : pitched;
    const panels = { depth, columns: deep ? outer : inner };
    return caseOf({ kind, dtype, extents, source, target }, { ...places, target: { panels } });
  }
  const source = form.startsWith("gathered") ? apart : form === "spaced" ? spaced : pitched;
  const target = form.startsWith("scattered") ? apart : dense;
  if (kind === "copy") {
    // Bounded as lowering is: the first and the last element of a run lie outside.
    const bounds = [
      {
        extent: Math.max(1, inner - 2),
        offset: -1,
        steps: extents.map((_, axis) => (axis === extents.length - 1 ? 1 : 0)),
      },
    ];
    return caseOf({ kind, dtype, extents, source, target: { kind: "strided", strides: target }, bounds }, places);
  }
  if (kind === "add") return caseOf({ kind, dtype, extents, source, target }, places);
  const descriptor: MoverDescriptor =
    kind === "fill"
      ? { kind, dtype, extents, target, value: 0 }
      : { kind, dtype, extents, target, activation: { kind: "relu" } };
  return caseOf(descriptor, { target: { elements } });
}

/** A transform of Winograd: tiles of `tiles` x `tiles` elements, or points. */
export interface TilesShape {
  readonly tiles: number;
  readonly form: "tiles" | "tiles-deep";
  readonly to: TransformDescriptor["to"];
}

const [tiledSide, tiledChannels] = [28, 32];

/** Points of a transform. */
export function pointsOf({ tiles }: TilesShape): number {
  return tiles ** 2 * tiledChannels * Math.ceil(tiledSide / (tiles - 2)) ** 2;
}

/** All tiles of an image, padded by one element. */
export function tilesCase(shape: TilesShape): Case {
  const { tiles: side, form, to } = shape;
  const tile = (side - 2) as WinogradTile;
  const lines = Math.ceil(tiledSide / tile);
  const deep = form === "tiles-deep";
  const [channel, col] = deep ? [1, tiledChannels] : [tiledSide ** 2, 1];
  const border = to === "points" ? -1 : 0;
  // Whole panels of 4, 8, 12 or 16 columns, and no power of two between points.
  const columns = roundUp(lines ** 2, 48);
  const point = tiledChannels * columns + 16;
  const descriptor: TransformDescriptor = {
    ...{ kind: "transform", dtype: "float32", tile, to, channels: tiledChannels, grid: [lines, lines] },
    image: { height: tiledSide, width: tiledSide, channel, line: tiledSide * col, col, top: border, left: border },
    // Planes are made into panels, and read back as products leave them.
    points: deep
      ? { kind: "strided", point, channel: 1, tile: tiledChannels }
      : to === "points"
        ? { kind: "panels", point, depth: tiledChannels }
        : { kind: "strided", point, channel: columns, tile: 1 },
  };
  const [image, points] = [{ elements: tiledChannels * tiledSide ** 2 }, { elements: side ** 2 * point }];
  return caseOf(descriptor, to === "points" ? { source: image, target: points } : { source: points, target: image });
}
