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
  const extents = [outer, inner];
  const dtype = "float32";
  const size = outer * (inner + 2);
  const dense = [inner, 1];
  const apart = [1, outer];
  const places = { source: { elements: size }, target: { elements: size } };
  if (kind === "copy" && (form === "panels" || form === "panels-deep")) {
    const deep = form === "panels-deep";
    const depth = deep ? inner : outer;
    const target = { kind: "panels", depth, k: deep ? [0, 1] : [1, 0], col: deep ? [1, 0] : [0, 1] } as const;
    const panels = { depth, columns: deep ? outer : inner };
    return caseOf({ kind, dtype, extents, source: [inner + 2, 1], target }, { ...places, target: { panels } });
  }
  const strided = form === "strided";
  if (kind === "copy") {
    // Bounded as lowering is: the first and the last element of a run lie outside.
    const bounds = [{ extent: Math.max(1, inner - 2), offset: -1, steps: [0, 1] }];
    const source = strided ? apart : [inner + 2, 1];
    return caseOf({ kind, dtype, extents, source, target: { kind: "strided", strides: dense }, bounds }, places);
  }
  const target = strided ? apart : dense;
  if (kind === "add") return caseOf({ kind, dtype, extents, source: strided ? apart : [inner + 2, 1], target }, places);
  const descriptor: MoverDescriptor =
    kind === "fill"
      ? { kind, dtype, extents, target, value: 0 }
      : { kind, dtype, extents, target, activation: { kind: "relu" } };
  return caseOf(descriptor, { target: { elements: size } });
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
