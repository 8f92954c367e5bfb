import type { Refusal } from "@leanconv/core";
import type { KernelDescriptor, MoverDescriptor, TransformDescriptor } from "./descriptor.ts";
import { levelCount } from "./levels.ts";

/** What is wrong with a descriptor in itself, whoever would compile it; undefined when nothing is. */
export function checkDescriptor(descriptor: KernelDescriptor): Refusal | undefined {
  if (descriptor.dtype !== "float32")
    return { code: "argument.dtype", reason: `dtype ${descriptor.dtype}; only float32 exists` };
  if (descriptor.kind === "transform") return checkTransform(descriptor);
  if (descriptor.kind !== "gemm") return checkAxes(descriptor);
  const { m, k, rows, cols, a, b, beta, batch } = descriptor;
  for (const [name, size] of Object.entries({ m, k, rows, cols, "batch.count": batch?.count ?? 1 })) {
    if (!Number.isSafeInteger(size) || size < 0) return wrong(`${name} is ${size}, not a whole number of at least 0`);
  }
  if (beta !== 0 && beta !== 1) return wrong(`beta is ${beta}, not 0 or 1`);
  if (a.kind === "packed" && m > levelCount(a.pack.rows)) return wrong(`m ${m} exceeds the packed rows`);
  if (a.kind === "packed" && k > levelCount(a.pack.k)) return wrong(`k ${k} exceeds the packed depth`);
  if (b.kind === "patch" && b.taps.length * b.channels !== k) {
    return wrong(`k ${k} is not taps ${b.taps.length} times channels ${b.channels}`);
  }
  if (b.kind === "panels" && k > b.depth) return wrong(`k ${k} exceeds the panels' depth ${b.depth}`);
  return undefined;
}

function checkAxes(descriptor: Exclude<MoverDescriptor, TransformDescriptor>): Refusal | undefined {
  const { extents } = descriptor;
  if (extents.length > 6) return wrong(`${extents.length} axes; movers take up to 6`);
  if (!extents.every((extent) => Number.isSafeInteger(extent) && extent >= 0))
    return wrong("an extent is not a whole number");
  if ("rows" in descriptor && descriptor.rows !== undefined && !(descriptor.rows in extents)) {
    return wrong(`rows names axis ${descriptor.rows} of ${extents.length}`);
  }
  if (descriptor.kind === "activate" && descriptor.activation.kind === "prelu" && !descriptor.slopes) {
    return wrong("prelu without strides of its slopes");
  }
  const uneven = strideLists(descriptor).find(([, strides]) => strides.length !== extents.length);
  if (uneven) return wrong(`${uneven[0]} has ${uneven[1].length} strides for ${extents.length} axes`);
  if (descriptor.kind === "copy" && (descriptor.bounds?.length ?? 0) > 2) return wrong("more than two bounds");
  return undefined;
}

/** Everything that must have one stride for each axis. */
function strideLists(descriptor: Exclude<MoverDescriptor, TransformDescriptor>): [string, readonly number[]][] {
  const lists: [string, readonly number[] | undefined][] = [];
  if (descriptor.kind === "copy") {
    const { source, target, bounds = [] } = descriptor;
    lists.push(["source", source], ...bounds.map(({ steps }): [string, readonly number[]] => ["a bound", steps]));
    if (target.kind === "strided") lists.push(["target", target.strides]);
    else lists.push(["target k", target.k], ["target col", target.col]);
  } else {
    lists.push(["target", descriptor.target]);
  }
  if (descriptor.kind === "add") lists.push(["source", descriptor.source]);
  if (descriptor.kind === "fill" && typeof descriptor.value === "object")
    lists.push(["values", descriptor.value.values]);
  if (descriptor.kind === "activate") lists.push(["slopes", descriptor.slopes]);
  return lists.filter((list): list is [string, readonly number[]] => list[1] !== undefined);
}

function checkTransform({
  tile,
  to,
  channels,
  grid,
  image,
  points,
  ...vectors
}: TransformDescriptor): Refusal | undefined {
  if (tile !== 2 && tile !== 4) return wrong(`tiles of ${tile}; there are transforms for 2 and 4`);
  const sizes = { channels, lines: grid[0], columns: grid[1], height: image.height, width: image.width };
  for (const [name, size] of Object.entries(sizes)) {
    if (!Number.isSafeInteger(size) || size < 0) return wrong(`${name} is ${size}, not a whole number of at least 0`);
  }
  if (to === "points") {
    if (vectors.bias || vectors.activation) return wrong("bias or activation of points");
    if (points.kind === "panels" && channels > points.depth) {
      return wrong(`${channels} channels exceed the panels' depth ${points.depth}`);
    }
    return undefined;
  }
  if (points.kind === "panels") return wrong("panels are written, not read");
  return image.top < 0 || image.left < 0 ? wrong("an output tile begins outside of the image") : undefined;
}

function wrong(reason: string): Refusal {
  return { code: "argument.descriptor", reason };
}
