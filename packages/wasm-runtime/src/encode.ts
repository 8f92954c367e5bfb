import type { Activation, CopyDescriptor, GemmDescriptor, MoverDescriptor, TransformDescriptor } from "@leanconv/gemm";
import {
  activationCodes,
  gemmFields,
  gemmWords,
  moverAxes,
  moverFields,
  moverWords,
  operandKinds,
  transformFields,
  transformWords,
} from "@leanconv/wasm-kernels";
import { formOf } from "./forms.ts";
import type { GemmPlan } from "./plan-gemm.ts";
import type { Tile } from "./tile.ts";

/** Words that describe a kernel to the wasm side; written into its table. */
export type Words = Readonly<{ integers: Int32Array; floats: ReadonlyMap<number, number> }>;

export type SimpleMover = Exclude<MoverDescriptor, TransformDescriptor>;

interface ActivationWords {
  readonly activation: number;
  readonly lo: number;
  readonly hi: number;
  readonly alpha: number;
  readonly shift: number;
}

function activationWords(activation: Activation | undefined): ActivationWords {
  const none = { activation: activationCodes.none, lo: -Infinity, hi: Infinity, alpha: 0, shift: 0 };
  if (activation === undefined) return none;
  switch (activation.kind) {
    case "relu":
      return { ...none, activation: activationCodes.clamp, lo: 0 };
    case "relu6":
      return { ...none, activation: activationCodes.clamp, lo: 0, hi: 6 };
    case "clip":
      return {
        ...none,
        activation: activationCodes.clamp,
        lo: activation.min ?? -Infinity,
        hi: activation.max ?? Infinity,
      };
    case "leaky-relu":
    case "elu":
      return { ...none, activation: activationCodes[activation.kind], alpha: activation.alpha };
    case "hard-sigmoid":
      return { ...none, activation: activationCodes["hard-sigmoid"], alpha: activation.alpha, shift: activation.beta };
    default:
      return { ...none, activation: activationCodes[activation.kind] };
  }
}

/** The five words of an activation, as `finish` reads them. */
export function encodeActivation(activation: Activation | undefined): Words {
  const names = ["activation", "lo", "hi", "alpha", "shift"];
  return words(names, 0, { ...activationWords(activation) }, names.length);
}

const floatFields: readonly string[] = ["lo", "hi", "alpha", "shift", "value"];

/** Named values to words; those of `floatFields` as float32. */
function words(names: readonly string[], first: number, values: Readonly<Record<string, number>>, size: number): Words {
  const integers = new Int32Array(size);
  const floats = new Map<number, number>();
  names.forEach((name, i) => {
    const value = values[name] ?? 0;
    if (floatFields.includes(name)) floats.set(first + i, value);
    else integers[first + i] = value;
  });
  return { integers, floats };
}

/** A GEMM's block: its fields in words, distances in bytes, then its taps. */
export function encodeGemm(descriptor: GemmDescriptor, plan: GemmPlan, tile: Tile): Words {
  const { a, b, c, m, k, rows, cols, beta, batch, activation } = descriptor;
  const form = a.kind === "packed" ? formOf(a.pack, tile) : undefined;
  const plainA = form === undefined || form.panel === 0;
  const taps = b.kind === "patch" ? b.taps : [];
  const depth = a.kind === "packed" ? a.pack.k.reduce((product, [extent]) => product * extent, 1) : 0;
  const { words: patch, k: bK } = operandB(b);
  const windowed = b.kind === "patch" && taps.length === 1 && beta === 1 && !descriptor.bias && !activation;
  const encoded = words(
    gemmFields,
    0,
    {
      ...{ m, k, rows, cols, beta, bias: descriptor.bias ? 1 : 0, ...activationWords(activation) },
      ...{ batch: batch?.count ?? 1, batchA: 4 * (batch?.a ?? 0) * (form?.batchStride ?? 1) },
      ...{ batchB: 4 * (batch?.b ?? 0), batchC: 4 * (batch?.c ?? 0) },
      ...{ batchBias: 4 * (batch?.bias ?? 0), batchSlopes: 4 * (batch?.slopes ?? 0) },
      ...{ aKind: plainA ? operandKinds.plain : operandKinds.packed, aPanel: 4 * (form?.panel ?? 0) * depth },
      ...{ aM: a.kind === "plain" ? 4 * a.m : 0, aK: 4 * (a.kind === "plain" ? a.k : (form?.kStride ?? 0)) },
      ...{ bKind: operandKinds[b.kind], bK, taps: taps.length, ...patch },
      ...{ cM: 4 * c.m, cRow: 4 * c.row, cCol: 4 * c.col },
      ...{ kc: plan.kc, nc: plan.nc, run: plan.run, windowed: windowed ? 1 : 0, sliding: plan.sliding ? 1 : 0 },
    },
    gemmWords + 2 * taps.length,
  );
  for (const [i, { dy, dx }] of taps.entries()) encoded.integers.set([dy, dx], gemmWords + 2 * i);
  return encoded;
}

function operandB(b: GemmDescriptor["b"]): { readonly k: number; readonly words: Readonly<Record<string, number>> } {
  if (b.kind === "plain") return { k: 4 * b.k, words: { bRow: 4 * b.row, bCol: 4 * b.col } };
  if (b.kind === "panels") return { k: 0, words: { depth: b.depth } };
  const { channels, ih, iw, sh, sw, channel, line, col } = b;
  return { k: 4 * channel, words: { channels, ih, iw, sh, sw, bRow: 4 * line, bCol: 4 * col } };
}

/** Elements of a mover's block: lists of six axes, then its fields. */
export function encodeMover(descriptor: SimpleMover): Words {
  const rank = descriptor.extents.length;
  const copy = descriptor.kind === "copy" ? descriptor : undefined;
  const panels = copy?.target.kind === "panels" ? copy.target : undefined;
  const lists: Record<(typeof moverAxes)[number], readonly number[]> = {
    extent: descriptor.extents,
    source: otherStrides(descriptor).map((stride) => 4 * stride),
    // Columns of panels are counted, places in tensors are bytes.
    target: panels ? panels.col : targetStrides(descriptor).map((stride) => 4 * stride),
    steps1: copy?.bounds?.[0]?.steps ?? [],
    steps2: copy?.bounds?.[1]?.steps ?? [],
    kSteps: panels?.k ?? [],
  };
  const [first, second] = copy?.bounds ?? [];
  const rows = "rows" in descriptor ? descriptor.rows : undefined;
  const value = descriptor.kind === "fill" && typeof descriptor.value === "number" ? descriptor.value : 0;
  const encoded = words(
    moverFields,
    6 * moverAxes.length,
    {
      ...{ extent1: first?.extent ?? 1, offset1: first?.offset ?? 0 },
      ...{ extent2: second?.extent ?? 1, offset2: second?.offset ?? 0 },
      ...{ rowAxis: rows === undefined ? -1 : 6 - rank + rows, dealt: dealtAxis(descriptor.extents) },
      ...{ depth: panels?.depth ?? 0, panels: panels ? 1 : 0, value },
      ...activationWords(descriptor.kind === "activate" ? descriptor.activation : undefined),
    },
    moverWords,
  );
  moverAxes.forEach((name, list) => {
    const values = lists[name];
    const pad = name === "extent" ? 1 : 0;
    for (let axis = 0; axis < 6; axis++) encoded.integers[6 * list + axis] = values[axis - 6 + values.length] ?? pad;
  });
  return encoded;
}

function otherStrides(descriptor: SimpleMover): readonly number[] {
  if (descriptor.kind === "copy" || descriptor.kind === "add") return descriptor.source;
  if (descriptor.kind === "activate") return descriptor.slopes ?? [];
  return typeof descriptor.value === "object" ? descriptor.value.values : [];
}

function targetStrides(descriptor: SimpleMover): readonly number[] {
  if (descriptor.kind !== "copy") return descriptor.target;
  return (descriptor as CopyDescriptor).target.kind === "strided"
    ? (descriptor.target as { readonly strides: readonly number[] }).strides
    : [];
}

/** The longest of the outer axes is dealt to threads, the innermost only where it is alone. */
function dealtAxis(extents: readonly number[]): number {
  const outer = extents.slice(0, -1);
  const longest = Math.max(1, ...outer);
  return longest === 1 ? 5 : 6 - extents.length + outer.indexOf(longest);
}

/** A tile transform's block, distances in bytes. */
export function encodeTransform(descriptor: TransformDescriptor, panelWidth: number): Words {
  const { tile, to, channels, grid, image, points, bias, activation } = descriptor;
  const strided = points.kind === "strided" ? points : { channel: 0, tile: 0 };
  return words(
    transformFields,
    0,
    {
      ...{ tile, image: to === "image" ? 1 : 0, channels, cols: grid[1], height: image.height, width: image.width },
      ...{ channel: 4 * image.channel, line: 4 * image.line, col: 4 * image.col, top: image.top, left: image.left },
      ...{ panels: points.kind === "panels" ? panelWidth : 0, depth: points.kind === "panels" ? points.depth : 0 },
      ...{ point: 4 * points.point, pointChannel: 4 * strided.channel, pointTile: 4 * strided.tile },
      ...{ bias: bias ? 1 : 0, ...activationWords(activation) },
    },
    transformWords,
  );
}

/** Whether vectors can hold neighbours of the points: tiles to and from planes, or channels. Others are the reference's. */
export function isVectorTransform({ to, points }: TransformDescriptor): boolean {
  if (points.kind === "panels") return true;
  return points.channel === 1 || (to === "image" && points.tile === 1);
}
