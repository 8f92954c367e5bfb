import { ActivationRun } from "../activation-run.ts";
import type { Bound, TransformDescriptor } from "../descriptor.ts";
import type { Kernel, KernelCall } from "../provider.ts";
import { shareStart } from "../share.ts";
import { axes, dealtAxis, padAxes } from "./axes.ts";

/** The tile transform Y = L * X * transpose(L), written out: gather, two small products, scatter. */
export function compileTransform(descriptor: TransformDescriptor, memory: Float32Array): Kernel {
  const { matrix, x, y, bounds, limit } = descriptor;
  const p = matrix.length;
  const q = matrix[0].length;
  const rows = Float64Array.from(matrix.flat());
  const extents = padAxes(descriptor.extents, 1);
  const source = padAxes(descriptor.source, 0);
  const target = padAxes(descriptor.target, 0);
  const bias = padAxes(descriptor.bias ?? [], 0);
  const slopes = padAxes(descriptor.slopes ?? [], 0);
  const activation = descriptor.activation && new ActivationRun(descriptor.activation, memory);
  const tile = new Float64Array(q * q);
  const half = new Float64Array(p * q);
  const index = new Int32Array(axes);
  const first = axes - descriptor.extents.length;
  const dealt = dealtAxis(extents);
  const begin = new Int32Array(axes);
  const end = new Int32Array(axes);

  const coordinate = (bound: Bound): number => {
    let value = bound.offset;
    for (let i = 0; i < bound.steps.length; i++) value += bound.steps[i] * index[first + i];
    return value;
  };
  const dot = (strides: Int32Array): number => {
    let value = 0;
    for (let i = 0; i < axes; i++) value += strides[i] * index[i];
    return value;
  };

  function transformTile(call: KernelCall): void {
    const s = call.source + dot(source);
    const line = bounds ? coordinate(bounds[0]) : 0;
    const column = bounds ? coordinate(bounds[1]) : 0;
    for (let i = 0; i < q; i++) {
      for (let j = 0; j < q; j++) {
        const inside =
          !bounds || (line + i >= 0 && line + i < bounds[0].extent && column + j >= 0 && column + j < bounds[1].extent);
        tile[i * q + j] = inside ? memory[s + i * x[0] + j * x[1]] : 0;
      }
    }
    for (let i = 0; i < p; i++) {
      for (let j = 0; j < q; j++) {
        let sum = 0;
        for (let k = 0; k < q; k++) sum += rows[i * q + k] * tile[k * q + j];
        half[i * q + j] = sum;
      }
    }
    const t = call.target + dot(target);
    const add = descriptor.bias ? memory[call.bias + dot(bias)] : 0;
    const lines = limit ? limit[0].extent - coordinate(limit[0]) : p;
    const columns = limit ? limit[1].extent - coordinate(limit[1]) : p;
    for (let i = 0; i < p && i < lines; i++) {
      for (let j = 0; j < p && j < columns; j++) {
        let sum = add;
        for (let k = 0; k < q; k++) sum += half[i * q + k] * rows[j * q + k];
        memory[t + i * y[0] + j * y[1]] = sum;
      }
      activation?.apply(t + i * y[0], y[1], Math.min(p, columns), call.slopes + dot(slopes), 0);
    }
  }

  return {
    run(call: KernelCall): void {
      for (let i = 0; i < axes; i++) {
        begin[i] = 0;
        end[i] = extents[i];
      }
      begin[dealt] = shareStart(extents[dealt], call.part, call.parts);
      end[dealt] = shareStart(extents[dealt], call.part + 1, call.parts);
      for (index[0] = begin[0]; index[0] < end[0]; index[0]++) {
        for (index[1] = begin[1]; index[1] < end[1]; index[1]++) {
          for (index[2] = begin[2]; index[2] < end[2]; index[2]++) {
            for (index[3] = begin[3]; index[3] < end[3]; index[3]++) {
              for (index[4] = begin[4]; index[4] < end[4]; index[4]++) {
                for (index[5] = begin[5]; index[5] < end[5]; index[5]++) transformTile(call);
              }
            }
          }
        }
      }
    },
  };
}
