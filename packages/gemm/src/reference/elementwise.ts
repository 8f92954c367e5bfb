import { ActivationRun } from "../activation-run.ts";
import type { ActivateDescriptor, AddDescriptor, FillDescriptor } from "../descriptor.ts";
import type { Kernel, KernelCall } from "../provider.ts";
import { shareStart } from "../share.ts";
import { axes, dealtAxis, padAxes } from "./axes.ts";

/** What one innermost run does: `t` target, `o` the other operand (source, values or slopes), `n` elements. */
type Run = (t: number, dt: number, o: number, d: number, n: number) => void;

/** The movers that work on their target element by element: add, fill and activate. */
export function compileElementwise(
  descriptor: AddDescriptor | FillDescriptor | ActivateDescriptor,
  memory: Float32Array,
): Kernel {
  const extents = padAxes(descriptor.extents, 1);
  const target = padAxes(descriptor.target, 0);
  const other = padAxes(otherStrides(descriptor), 0);
  const rows = "rows" in descriptor ? descriptor.rows : undefined;
  const rowAxis = rows === undefined ? -1 : axes - descriptor.extents.length + rows;
  const run = elementRun(descriptor, memory);
  const begin = new Int32Array(axes);
  const end = new Int32Array(axes);
  const dealt = dealtAxis(extents);
  return {
    run(call: KernelCall): void {
      for (let i = 0; i < axes; i++) {
        begin[i] = i === rowAxis ? call.rowBegin : 0;
        end[i] = i === rowAxis ? Math.max(call.rowBegin, call.rowEnd) : extents[i];
      }
      const first = begin[dealt];
      const length = end[dealt] - first;
      begin[dealt] = first + shareStart(length, call.part, call.parts);
      end[dealt] = first + shareStart(length, call.part + 1, call.parts);
      const at = otherAddress(descriptor, call);
      for (let i0 = begin[0]; i0 < end[0]; i0++) {
        for (let i1 = begin[1]; i1 < end[1]; i1++) {
          for (let i2 = begin[2]; i2 < end[2]; i2++) {
            for (let i3 = begin[3]; i3 < end[3]; i3++) {
              let t = call.target + i0 * target[0] + i1 * target[1] + i2 * target[2] + i3 * target[3];
              let o = at + i0 * other[0] + i1 * other[1] + i2 * other[2] + i3 * other[3];
              t += begin[4] * target[4] + begin[5] * target[5];
              o += begin[4] * other[4] + begin[5] * other[5];
              for (let i4 = begin[4]; i4 < end[4]; i4++) {
                run(t, target[5], o, other[5], end[5] - begin[5]);
                t += target[4];
                o += other[4];
              }
            }
          }
        }
      }
    },
  };
}

function otherStrides(descriptor: AddDescriptor | FillDescriptor | ActivateDescriptor): readonly number[] {
  if (descriptor.kind === "add") return descriptor.source;
  if (descriptor.kind === "activate") return descriptor.slopes ?? [];
  return typeof descriptor.value === "object" ? descriptor.value.values : [];
}

function otherAddress(descriptor: AddDescriptor | FillDescriptor | ActivateDescriptor, call: KernelCall): number {
  if (descriptor.kind === "add") return call.source;
  return descriptor.kind === "activate" ? call.slopes : call.values;
}

function elementRun(descriptor: AddDescriptor | FillDescriptor | ActivateDescriptor, memory: Float32Array): Run {
  if (descriptor.kind === "add") {
    return (t, dt, o, d, n) => {
      for (let i = 0; i < n; i++) memory[t + i * dt] += memory[o + i * d];
    };
  }
  if (descriptor.kind === "activate") {
    const activation = new ActivationRun(descriptor.activation, memory);
    return (t, dt, o, d, n) => activation.apply(t, dt, n, o, d);
  }
  const { value } = descriptor;
  if (typeof value === "number") {
    return (t, dt, _o, _d, n) => {
      for (let i = 0; i < n; i++) memory[t + i * dt] = value;
    };
  }
  return (t, dt, o, d, n) => {
    for (let i = 0; i < n; i++) memory[t + i * dt] = memory[o + i * d];
  };
}
