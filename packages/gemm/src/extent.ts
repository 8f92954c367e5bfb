import { convError } from "@leanconv/core";
import type { KernelDescriptor, PackDescriptor } from "./descriptor.ts";
import { rowsOf } from "./interpreter.ts";
import type { Address, Affine, Node, Program, Role, Step } from "./program.ts";
import type { GemmProvider } from "./provider.ts";

/** Elements a kernel may touch around an address, as [lowest, highest] offsets; undefined where bounds decide. */
type Reach = readonly [low: number, high: number];

/**
 * Proves from the data alone that no step of a program leaves the operand or slot it names. A program comes from an
 * algorithm that may be anybody's, and a kernel trusts its offsets.
 * @throws `argument.descriptor`
 */
export function checkProgramExtents(program: Program, provider: GemmProvider, where: string): void {
  const sizes = new Map<string, Reach>();
  const packs = new Map<string, PackDescriptor>();
  for (const operand of program.operands) {
    if (operand.pack) packs.set(operand.name, operand.pack);
    else sizes.set(operand.name, [operand.extent?.[0] ?? 0, (operand.extent?.[1] ?? 0) - 1]);
  }
  for (const slot of program.slots) sizes.set(slot.name, [0, slot.elements - 1]);

  const visit = (nodes: readonly Node[], counts: ReadonlyMap<string, number>): void => {
    for (const node of nodes) {
      if (node.kind === "loop") {
        if (node.count > 0) visit(node.body, new Map(counts).set(node.index, node.count));
      } else if (node.kind === "guarded") {
        visit(node.save, counts);
        visit(node.body, counts);
        visit(node.restore, counts);
      } else {
        for (const part of node.parts) {
          if (part.times === 0) continue;
          for (const step of part.steps) {
            check(step, new Map(counts).set("part", part.times).set("step", step.times ?? 1));
          }
        }
      }
    }
  };
  const check = (step: Step, counts: ReadonlyMap<string, number>): void => {
    const descriptor = program.kernels[step.kernel];
    for (const [rows, fixed] of rowCases(step, descriptor, counts)) {
      for (const [role, address] of Object.entries(step.at) as [Role, Address][]) {
        const pack = packs.get(address.of);
        if (pack) {
          checkPacked(pack, address, descriptor, fixed, where);
          continue;
        }
        const size = sizes.get(address.of);
        if (size === undefined) {
          throw convError("argument.descriptor", { where, what: `a step names no operand or slot "${address.of}"` });
        }
        const reach = roleReach(descriptor, role, rows, provider);
        if (reach === undefined || reach[1] < reach[0]) continue;
        const [low, high] = range(address, fixed);
        if (low + reach[0] < size[0] || high + reach[1] > size[1]) {
          throw convError("argument.descriptor", {
            where,
            what: `a ${descriptor.kind} step leaves "${address.of}" as its ${role}`,
            got: `elements ${low + reach[0]} to ${high + reach[1]}`,
            wanted: `elements ${size[0]} to ${size[1]}`,
          });
        }
      }
    }
  };
  visit(program.body, new Map());
}

function checkPacked(
  pack: PackDescriptor,
  address: Address,
  descriptor: KernelDescriptor,
  counts: ReadonlyMap<string, Counter>,
  where: string,
): void {
  if (descriptor.kind !== "gemm") return;
  const batches = levelCount(pack.batch);
  const depth = levelCount(pack.k);
  const [low, high] = range(address, counts);
  const [kLow, kHigh] = address.k ? range(address.k, counts) : [0, 0];
  const last = high + ((descriptor.batch?.count ?? 1) - 1) * (descriptor.batch?.a ?? 0);
  if (low < 0 || last >= batches || kLow < 0 || kHigh + descriptor.k > depth || descriptor.m > levelCount(pack.rows)) {
    throw convError("argument.descriptor", {
      where,
      what: `a gemm step leaves the packed constant "${address.of}"`,
      got: `batches ${low} to ${last}, k ${kLow} to ${kHigh + descriptor.k}`,
      wanted: `batches 0 to ${batches - 1}, k 0 to ${depth}`,
    });
  }
}

/** The product of the extents of one axis of a pack. */
export function levelCount(levels: readonly (readonly [number, number])[]): number {
  return levels.reduce((product, [extent]) => product * extent, 1);
}

/** The values a counter takes here. */
type Counter = readonly [first: number, last: number];

function range(affine: Affine, counters: ReadonlyMap<string, Counter>): Reach {
  let low = affine.at;
  let high = affine.at;
  for (const [name, stride] of Object.entries(affine.by ?? {})) {
    const [first, last] = counters.get(name) ?? [0, 0];
    low += Math.min(stride * first, stride * last);
    high += Math.max(stride * first, stride * last);
  }
  return [low, high];
}

/** Lowest and highest offset of an n-d block. */
function block(extents: readonly number[], strides: readonly number[]): Reach {
  let low = 0;
  let high = 0;
  for (let i = 0; i < extents.length; i++) {
    if (extents[i] <= 0) return [0, -1];
    const reach = (extents[i] - 1) * (strides[i] ?? 0);
    if (reach < 0) low += reach;
    else high += reach;
  }
  return [low, high];
}

type Rows = readonly [begin: number, end: number];

/** Every row range a step runs, each with the counters that choose it held at their value. */
function rowCases(
  step: Step,
  descriptor: KernelDescriptor,
  counts: ReadonlyMap<string, number>,
): [Rows, ReadonlyMap<string, Counter>][] {
  const free = new Map<string, Counter>([...counts].map(([name, count]) => [name, [0, count - 1]]));
  const { rows } = step;
  if (rows === undefined) return [[[0, rowsOf(descriptor)], free]];
  let cases: [number, ReadonlyMap<string, Counter>][] = [[rows.begin.at, free]];
  for (const [name, stride] of Object.entries(rows.begin.by ?? {})) {
    if (stride === 0) continue;
    cases = cases.flatMap(([at, map]) =>
      Array.from({ length: counts.get(name) ?? 1 }, (_, i): [number, ReadonlyMap<string, Counter>] => [
        at + i * stride,
        new Map(map).set(name, [i, i]),
      ]),
    );
  }
  return cases.map(([begin, map]) => [[begin, Math.min(begin + rows.count, rows.limit)], map]);
}

/** What a call of these rows touches around its address. Rows are absolute, but for the target of a copy. */
function roleReach(descriptor: KernelDescriptor, role: Role, rows: Rows, provider: GemmProvider): Reach | undefined {
  const height = rows[1] - rows[0];
  if (height <= 0) return undefined;
  if (descriptor.kind === "gemm") {
    const { m, k, cols, a, b, c, batch } = descriptor;
    const count = batch?.count ?? 1;
    if (m === 0 || cols === 0 || count === 0) return undefined;
    if (role === "a") return a.kind === "plain" ? block([count, m, k], [batch?.a ?? 0, a.m, a.k]) : undefined;
    if (role === "c")
      return shift(rows[0] * c.row, block([count, m, height, cols], [batch?.c ?? 0, c.m, c.row, c.col]));
    if (role === "bias") return block([count, m], [batch?.bias ?? 0, 1]);
    if (role === "slopes") return block([count, m], [batch?.slopes ?? 0, 1]);
    if (role !== "b" || k === 0) return undefined;
    if (b.kind === "plain") {
      return shift(rows[0] * b.row, block([count, k, height, cols], [batch?.b ?? 0, b.k, b.row, b.col]));
    }
    if (b.kind === "panels") {
      const [low, high] = block([count], [batch?.b ?? 0]);
      return [low, high + provider.panelElements(b.depth, rows[1] * cols) - 1];
    }
    return block([count, b.channels, b.ih, b.iw], [batch?.b ?? 0, b.channel, b.line, b.col]);
  }
  const extents = [...descriptor.extents];
  const axis = "rows" in descriptor ? descriptor.rows : undefined;
  if (axis !== undefined) extents[axis] = height;
  const first = (strides: readonly number[]): number => (axis === undefined ? 0 : rows[0] * strides[axis]);
  if (descriptor.kind === "transform") return undefined;
  if (role === "source") {
    if (descriptor.kind === "add") return block(extents, descriptor.source);
    if (descriptor.kind !== "copy" || descriptor.bounds) return undefined;
    return shift(first(descriptor.source), block(extents, descriptor.source));
  }
  if (role === "target") {
    if (descriptor.kind !== "copy") return shift(first(descriptor.target), block(extents, descriptor.target));
    if (descriptor.target.kind === "strided") return block(extents, descriptor.target.strides);
    const { depth, col } = descriptor.target;
    return [0, provider.panelElements(depth, block(extents, col)[1] + 1) - 1];
  }
  if (role === "values" && descriptor.kind === "fill" && typeof descriptor.value === "object") {
    return block(extents, descriptor.value.values);
  }
  if (role === "slopes" && descriptor.kind === "activate") return block(extents, descriptor.slopes ?? []);
  return undefined;
}

function shift(by: number, [low, high]: Reach): Reach {
  return [low + by, high + by];
}
