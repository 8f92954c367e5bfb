import type { MoveForm, MoverDescriptor } from "@leanconv/gemm";
import { type Case, caseOf } from "./case.ts";

/** A move on synthetic data: `outer` runs of `inner` elements. */
export interface MoveShape {
  readonly kind: "copy" | "add" | "fill" | "activate";
  readonly form: Exclude<MoveForm, "tiles">;
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

/** The input transform of Winograd on `count` tiles of q x q. */
export function tilesCase(q: number, count: number): Case {
  const matrix = Array.from({ length: q }, (_, i) =>
    Array.from({ length: q }, (_, j) => (i === j ? 1 : (i + j) % 3) - 1),
  );
  const descriptor: MoverDescriptor = {
    ...{ kind: "transform", dtype: "float32", matrix, extents: [count], source: [2], target: [1] },
    ...{ x: [2 * count + q, 1], y: [q * count, count] },
  };
  return caseOf(descriptor, { source: { elements: q * (2 * count + q) }, target: { elements: q * q * count } });
}
