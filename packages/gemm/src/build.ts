import type { KernelDescriptor } from "./descriptor.ts";
import type { Affine, Node, Part, Phase, Step } from "./program.ts";

/** Collects the kernels of a program while its nodes are written; `kernel` gives the index that steps name. */
export class KernelList {
  readonly kernels: KernelDescriptor[] = [];

  kernel(descriptor: KernelDescriptor): number {
    this.kernels.push(descriptor);
    return this.kernels.length - 1;
  }
}

/** A phase of the given parts. */
export function phase(...parts: readonly Part[]): Phase {
  return { kind: "phase", parts };
}

/** A phase of one part. */
export function serial(...steps: readonly Step[]): Phase {
  return phase({ times: 1, steps });
}

/** `times` independent parts of the same steps. */
export function part(times: number, ...steps: readonly Step[]): Part {
  return { times, steps };
}

/** The body `count` times. The loop stays where that is once, since addresses may name its counter. */
export function loop(index: string, count: number, body: readonly Node[]): Node {
  return { kind: "loop", index, count, body };
}

/** `at` plus a stride for each named counter; strides of 0 are left out. */
export function affine(at: number, by: Readonly<Record<string, number>> = {}): Affine {
  const used = Object.entries(by).filter(([, stride]) => stride !== 0);
  return used.length === 0 ? { at } : { at, by: Object.fromEntries(used) };
}
