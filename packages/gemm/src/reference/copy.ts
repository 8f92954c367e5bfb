import type { Bound, CopyDescriptor } from "../descriptor.ts";
import type { Kernel, KernelCall } from "../provider.ts";
import { shareStart } from "../share.ts";
import { axes, dealtAxis, padAxes } from "./axes.ts";

const everywhere: Bound = { extent: 1, offset: 0, steps: [] };

/**
 * The copy mover in JavaScript: five loops around an innermost run, which is clipped to its bounds once instead of
 * tested element by element.
 */
export function compileCopy(descriptor: CopyDescriptor, memory: Float32Array, panelWidth: number): Kernel {
  const extents = padAxes(descriptor.extents, 1);
  const source = padAxes(descriptor.source, 0);
  const first = descriptor.bounds?.[0] ?? everywhere;
  const second = descriptor.bounds?.[1] ?? everywhere;
  const steps1 = padAxes(first.steps, 0);
  const steps2 = padAxes(second.steps, 0);
  const rowAxis = descriptor.rows === undefined ? -1 : axes - descriptor.extents.length + descriptor.rows;
  const panels = descriptor.target.kind === "panels";
  const target = padAxes(descriptor.target.kind === "strided" ? descriptor.target.strides : descriptor.target.col, 0);
  const kSteps = padAxes(descriptor.target.kind === "panels" ? descriptor.target.k : [], 0);
  const panelStride = descriptor.target.kind === "panels" ? descriptor.target.depth * panelWidth : 0;
  // One step of the innermost axis in panels: as far as the lane allows, and where it wraps, on to the next panel.
  const panelStep = Math.floor(target[5] / panelWidth);
  const laneStep = target[5] - panelStep * panelWidth;
  const innerStep = kSteps[5] * panelWidth + panelStep * panelStride + laneStep;
  const begin = new Int32Array(axes);
  const end = new Int32Array(axes);
  const dealt = dealtAxis(extents);

  /** One innermost run at source `s`, target `t` (or panel column `t`, depth `k`), with its coordinates. */
  function run(s: number, t: number, k: number, c1: number, c2: number, base: number): void {
    const length = end[5];
    const low = Math.max(begin[5], lowest(c1, steps1[5], first.extent), lowest(c2, steps2[5], second.extent));
    const high = Math.min(length, highest(c1, steps1[5], first.extent), highest(c2, steps2[5], second.extent));
    // As 32-bit integers: the loops would compare doubles else.
    const lo = Math.min(low, length) | 0;
    const hi = Math.max(high, lo) | 0;
    const ds = source[5];
    const dt = target[5];
    if (panels) {
      const col = t + begin[5] * dt;
      const panel = Math.floor(col / panelWidth);
      const wrap = panelStride - panelWidth;
      let lane = col - panel * panelWidth;
      let at = base + panel * panelStride + (k + begin[5] * kSteps[5]) * panelWidth + lane;
      let from = s + begin[5] * ds;
      for (let i = begin[5]; i < length; i++) {
        memory[at] = i >= lo && i < hi ? memory[from] : 0;
        from += ds;
        at += innerStep;
        lane += laneStep;
        if (lane >= panelWidth) {
          lane -= panelWidth;
          at += wrap;
        }
      }
      return;
    }
    if (hi <= lo) {
      for (let i = begin[5]; i < length; i++) memory[t + i * dt] = 0;
      return;
    }
    for (let i = begin[5]; i < lo; i++) memory[t + i * dt] = 0;
    if (ds === 1 && dt === 1 && hi - lo >= 24) memory.copyWithin(t + lo, s + lo, s + hi);
    else for (let i = lo; i < hi; i++) memory[t + i * dt] = memory[s + i * ds];
    for (let i = hi; i < length; i++) memory[t + i * dt] = 0;
  }

  /** Columns of the last panel behind the last column of the matrix read as 0. */
  function clearPanelTail(base: number, rows: number): void {
    let columns = 1;
    let depth = 1;
    for (let i = 0; i < axes; i++) {
      const extent = i === rowAxis ? rows : extents[i];
      if (extent === 0) return;
      columns += (extent - 1) * target[i];
      depth += (extent - 1) * kSteps[i];
    }
    const last = Math.floor((columns - 1) / panelWidth);
    const used = columns - last * panelWidth;
    for (let k = 0; k < depth; k++) {
      for (let col = used; col < panelWidth; col++) memory[base + last * panelStride + k * panelWidth + col] = 0;
    }
  }

  return {
    run(call: KernelCall): void {
      const rows = Math.max(0, call.rowEnd - call.rowBegin);
      for (let i = 0; i < axes; i++) {
        begin[i] = 0;
        end[i] = i === rowAxis ? rows : extents[i];
      }
      const dealtExtent = end[dealt];
      begin[dealt] = shareStart(dealtExtent, call.part, call.parts);
      end[dealt] = shareStart(dealtExtent, call.part + 1, call.parts);
      const row = rowAxis < 0 ? 0 : call.rowBegin;
      const s = call.source + (rowAxis < 0 ? 0 : row * source[rowAxis]);
      const c1 = first.offset + (rowAxis < 0 ? 0 : row * steps1[rowAxis]);
      const c2 = second.offset + (rowAxis < 0 ? 0 : row * steps2[rowAxis]);
      const t = panels ? 0 : call.target;
      for (let i0 = begin[0]; i0 < end[0]; i0++) {
        for (let i1 = begin[1]; i1 < end[1]; i1++) {
          for (let i2 = begin[2]; i2 < end[2]; i2++) {
            for (let i3 = begin[3]; i3 < end[3]; i3++) {
              for (let i4 = begin[4]; i4 < end[4]; i4++) {
                run(
                  s + i0 * source[0] + i1 * source[1] + i2 * source[2] + i3 * source[3] + i4 * source[4],
                  t + i0 * target[0] + i1 * target[1] + i2 * target[2] + i3 * target[3] + i4 * target[4],
                  i0 * kSteps[0] + i1 * kSteps[1] + i2 * kSteps[2] + i3 * kSteps[3] + i4 * kSteps[4],
                  c1 + i0 * steps1[0] + i1 * steps1[1] + i2 * steps1[2] + i3 * steps1[3] + i4 * steps1[4],
                  c2 + i0 * steps2[0] + i1 * steps2[1] + i2 * steps2[2] + i3 * steps2[3] + i4 * steps2[4],
                  call.target,
                );
              }
            }
          }
        }
      }
      if (panels && call.part === call.parts - 1) clearPanelTail(call.target, rows);
    },
  };
}

/** First index i with 0 <= c + step * i < extent. */
function lowest(c: number, step: number, extent: number): number {
  if (step === 0) return c >= 0 && c < extent ? 0 : Number.MAX_SAFE_INTEGER;
  return step > 0 ? Math.ceil(-c / step) : Math.ceil((extent - 1 - c) / step);
}

/** One past the last index i with 0 <= c + step * i < extent. */
function highest(c: number, step: number, extent: number): number {
  if (step === 0) return c >= 0 && c < extent ? Number.MAX_SAFE_INTEGER : 0;
  return step > 0 ? Math.floor((extent - 1 - c) / step) + 1 : Math.floor(-c / step) + 1;
}
