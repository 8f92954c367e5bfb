// The movers: six nested axes around an innermost run, which is clipped to its bounds once.
import {
  M_activation, M_dealt, M_depth, M_extent, M_extent1, M_extent2, M_kSteps, M_offset1, M_offset2, M_panels, M_rowAxis,
  M_source, M_steps1, M_steps2, M_target, M_value,
} from "./fields";
import { activateSpan } from "./activation";
import { field, shareStart } from "./grid";
import { NR } from "./tiles";

@inline
function axis(d: usize, list: usize, i: i32): i32 {
  return load<i32>(d + list + (<usize>i << 2));
}

/** First index i >= 0 with 0 <= c + step * i < extent, which may lie behind the axis. */
function lowest(c: i32, step: i32, extent: i32): i32 {
  if (step == 0) return c >= 0 && c < extent ? 0 : i32.MAX_VALUE;
  const low = step > 0 ? ceilDiv(-c, step) : ceilDiv(c - extent + 1, -step);
  return max(low, 0);
}

/** One past the last such index. */
function highest(c: i32, step: i32, extent: i32): i32 {
  if (step == 0) return c >= 0 && c < extent ? i32.MAX_VALUE : 0;
  return step > 0 ? floorDiv(extent - 1 - c, step) + 1 : floorDiv(c, -step) + 1;
}

function ceilDiv(a: i32, b: i32): i32 {
  return a >= 0 ? (a + b - 1) / b : -(-a / b);
}

function floorDiv(a: i32, b: i32): i32 {
  return a >= 0 ? a / b : -((-a + b - 1) / b);
}

function zeroRun(to: usize, step: usize, n: i32): void {
  if (step == 4) {
    if (n > 0) memory.fill(to, 0, <usize>n << 2);
    return;
  }
  for (let i = 0; i < n; i++) {
    store<f32>(to, 0);
    to += step;
  }
}

function copyRun(from: usize, fromStep: usize, to: usize, toStep: usize, n: i32): void {
  if (fromStep == 4 && toStep == 4) {
    if (n >= 32) {
      memory.copy(to, from, <usize>n << 2);
      return;
    }
    // Source and target never overlap: a copy's slot and its tensor are different regions.
    while (n >= 4) {
      v128.store(to, v128.load(from));
      to += 16;
      from += 16;
      n -= 4;
    }
  }
  for (let i = 0; i < n; i++) {
    store<f32>(to, load<f32>(from));
    to += toStep;
    from += fromStep;
  }
}

/** One run of a copy: source and target of index 0, its coordinates, and for panels the column and k of index 0. */
function copyInner(d: usize, first: i32, end: i32, s: usize, t: usize, c1: i32, c2: i32, col: i32, k: i32): void {
  const steps1 = axis(d, M_steps1, 5);
  const steps2 = axis(d, M_steps2, 5);
  const extent1 = field(d, M_extent1);
  const extent2 = field(d, M_extent2);
  const lo = min(end, max(first, max(lowest(c1, steps1, extent1), lowest(c2, steps2, extent2))));
  const hi = max(lo, min(end, min(highest(c1, steps1, extent1), highest(c2, steps2, extent2))));
  const ds = <usize>axis(d, M_source, 5);
  const dt = <usize>axis(d, M_target, 5);
  if (!field(d, M_panels)) {
    zeroRun(t + <usize>first * dt, dt, lo - first);
    copyRun(s + <usize>lo * ds, ds, t + <usize>lo * dt, dt, hi - lo);
    zeroRun(t + <usize>hi * dt, dt, end - hi);
    return;
  }
  const panel = <usize>(field(d, M_depth) * NR) << 2;
  const dk = axis(d, M_kSteps, 5);
  const dc = axis(d, M_target, 5);
  if (dk == 1 && dc == 0) {
    // k innermost: one column, a line of NR apart.
    const at = t + <usize>(col / NR) * panel + (<usize>(k * NR + col % NR) << 2);
    zeroRun(at + (<usize>(first * NR) << 2), NR << 2, lo - first);
    copyRun(s + <usize>lo * ds, ds, at + (<usize>(lo * NR) << 2), NR << 2, hi - lo);
    zeroRun(at + (<usize>(hi * NR) << 2), NR << 2, end - hi);
    return;
  }
  let i = first;
  while (i < end) {
    const column = col + i * dc;
    const lane = column % NR;
    const at = t + <usize>(column / NR) * panel + (<usize>((k + i * dk) * NR + lane) << 2);
    // As far as the panel goes, where the columns follow each other.
    const n = dc == 1 && dk == 0 ? min(NR - lane, end - i) : 1;
    const from = min(max(lo, i), i + n);
    const to = max(from, min(hi, i + n));
    zeroRun(at, 4, from - i);
    copyRun(s + <usize>from * ds, ds, at + (<usize>(from - i) << 2), 4, to - from);
    zeroRun(at + (<usize>(to - i) << 2), 4, i + n - to);
    i += n;
  }
}

/** Columns of the last panel behind the matrix are zeros. */
function clearPanelTail(d: usize, t: usize, rows: i32): void {
  const rowAxis = field(d, M_rowAxis);
  let columns = 1;
  let depth = 1;
  for (let i = 0; i < 6; i++) {
    const extent = i == rowAxis ? rows : axis(d, M_extent, i);
    if (extent == 0) return;
    columns += (extent - 1) * axis(d, M_target, i);
    depth += (extent - 1) * axis(d, M_kSteps, i);
  }
  const used = columns % NR;
  if (used == 0) return;
  const panel = t + <usize>(columns / NR) * (<usize>(field(d, M_depth) * NR) << 2);
  for (let k = 0; k < depth; k++) zeroRun(panel + (<usize>(k * NR + used) << 2), 4, NR - used);
}

export function copy(
  d: usize, source: usize, target: usize, rowBegin: i32, rowEnd: i32, part: i32, parts: i32,
): void {
  const rowAxis = field(d, M_rowAxis);
  const rows = max(rowEnd - rowBegin, 0);
  const dealt = field(d, M_dealt);
  const panels = field(d, M_panels) != 0;
  let s = source;
  let c1 = field(d, M_offset1);
  let c2 = field(d, M_offset2);
  if (rowAxis >= 0) {
    s += <usize>(rowBegin * axis(d, M_source, rowAxis));
    c1 += rowBegin * axis(d, M_steps1, rowAxis);
    c2 += rowBegin * axis(d, M_steps2, rowAxis);
  }
  for (let i = 0; i < 6; i++) {
    const extent = i == rowAxis ? rows : axis(d, M_extent, i);
    setRange(i, i == dealt ? shareStart(extent, part, parts, 1) : 0, i == dealt ? shareStart(extent, part + 1, parts, 1) : extent);
  }
  for (let i0 = begin0; i0 < end0; i0++) {
    for (let i1 = begin1; i1 < end1; i1++) {
      for (let i2 = begin2; i2 < end2; i2++) {
        for (let i3 = begin3; i3 < end3; i3++) {
          const so = s + <usize>outer(d, M_source, i0, i1, i2, i3);
          const to = outer(d, M_target, i0, i1, i2, i3);
          const co1 = c1 + outer(d, M_steps1, i0, i1, i2, i3);
          const co2 = c2 + outer(d, M_steps2, i0, i1, i2, i3);
          const ko = panels ? outer(d, M_kSteps, i0, i1, i2, i3) : 0;
          for (let i4 = begin4; i4 < end4; i4++) {
            const t = to + i4 * axis(d, M_target, 4);
            copyInner(
              d, begin5, end5, so + <usize>(i4 * axis(d, M_source, 4)), panels ? target : target + <usize>t,
              co1 + i4 * axis(d, M_steps1, 4), co2 + i4 * axis(d, M_steps2, 4), t, ko + i4 * axis(d, M_kSteps, 4),
            );
          }
        }
      }
    }
  }
  if (panels && part == parts - 1) clearPanelTail(d, target, rows);
}

let begin0 = 0, begin1 = 0, begin2 = 0, begin3 = 0, begin4 = 0, begin5 = 0;
let end0 = 0, end1 = 0, end2 = 0, end3 = 0, end4 = 0, end5 = 0;

function setRange(i: i32, begin: i32, end: i32): void {
  if (i == 0) { begin0 = begin; end0 = end; }
  if (i == 1) { begin1 = begin; end1 = end; }
  if (i == 2) { begin2 = begin; end2 = end; }
  if (i == 3) { begin3 = begin; end3 = end; }
  if (i == 4) { begin4 = begin; end4 = end; }
  if (i == 5) { begin5 = begin; end5 = end; }
}

@inline
function outer(d: usize, list: usize, i0: i32, i1: i32, i2: i32, i3: i32): i32 {
  return i0 * axis(d, list, 0) + i1 * axis(d, list, 1) + i2 * axis(d, list, 2) + i3 * axis(d, list, 3);
}

function addRun(from: usize, fromStep: usize, to: usize, toStep: usize, n: i32): void {
  if (fromStep == 4 && toStep == 4) {
    while (n >= 4) {
      v128.store(to, f32x4.add(v128.load(to), v128.load(from)));
      to += 16;
      from += 16;
      n -= 4;
    }
  }
  for (let i = 0; i < n; i++) {
    store<f32>(to, load<f32>(to) + load<f32>(from));
    to += toStep;
    from += fromStep;
  }
}

function fillRun(value: f32, to: usize, step: usize, n: i32): void {
  if (step == 4) {
    while (n >= 4) {
      v128.store(to, f32x4.splat(value));
      to += 16;
      n -= 4;
    }
  }
  for (let i = 0; i < n; i++) {
    store<f32>(to, value);
    to += step;
  }
}

/** 0 add, 1 fill with a constant, 2 fill with values, 3 activate. `other` is the source, the values or the slopes. */
export function elementwise(
  d: usize, kind: i32, target: usize, other: usize, rowBegin: i32, rowEnd: i32, part: i32, parts: i32,
): void {
  const rowAxis = field(d, M_rowAxis);
  const dealt = field(d, M_dealt);
  for (let i = 0; i < 6; i++) {
    const from = i == rowAxis ? rowBegin : 0;
    const extent = i == rowAxis ? max(rowEnd - rowBegin, 0) : axis(d, M_extent, i);
    setRange(
      i,
      from + (i == dealt ? shareStart(extent, part, parts, 1) : 0),
      from + (i == dealt ? shareStart(extent, part + 1, parts, 1) : extent),
    );
  }
  const dt = <usize>axis(d, M_target, 5);
  const dOther = <usize>axis(d, M_source, 5);
  const n = end5 - begin5;
  const value = load<f32>(d + M_value);
  for (let i0 = begin0; i0 < end0; i0++) {
    for (let i1 = begin1; i1 < end1; i1++) {
      for (let i2 = begin2; i2 < end2; i2++) {
        for (let i3 = begin3; i3 < end3; i3++) {
          for (let i4 = begin4; i4 < end4; i4++) {
            const t = target + <usize>(outer(d, M_target, i0, i1, i2, i3) + i4 * axis(d, M_target, 4)) + <usize>begin5 * dt;
            const o = other + <usize>(outer(d, M_source, i0, i1, i2, i3) + i4 * axis(d, M_source, 4)) + <usize>begin5 * dOther;
            if (kind == 0) addRun(o, dOther, t, dt, n);
            else if (kind == 1) fillRun(value, t, dt, n);
            else if (kind == 2) {
              if (dOther == 0) fillRun(n > 0 ? load<f32>(o) : 0, t, dt, n);
              else copyRun(o, dOther, t, dt, n);
            } else activateSpan(d + M_activation, t, dt, n, o, dOther);
          }
        }
      }
    }
  }
}
