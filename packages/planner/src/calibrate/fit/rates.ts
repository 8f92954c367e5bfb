import { type GemmDescriptor, type GemmWork, gemmWork } from "@leanconv/gemm";
import { type Grid, onCurve } from "../../cost/interpolate.ts";
import type { LayoutTerms, MachineProfile, RateKind } from "../../cost/machine-profile.ts";
import { besidesSeconds, gridSeconds, tileSide, wholeTiles } from "../../cost/profile-cost-model.ts";
import { type GemmShape, gemmCase } from "../gemm-case.ts";
import { apartShape, gridShape, gridSizes, kinds } from "../shapes.ts";
import type { Measured } from "./measured.ts";

type Layout = GemmWork["layout"];

/** Smaller products are over in about the time of a call. */
const measurableFlops = 1e5;

/** The terms of a layout with its rates, from a profile that has all corrections. */
export function withRates(layout: Layout, corrected: MachineProfile, measured: Measured): LayoutTerms {
  const all = kinds.map((kind) => rateGrid(kind, layout, corrected, measured));
  // What is left when corrections are taken off says little where they are most of it: no product is faster than the
  // fastest that was seen, of its kind or of plain ones, with nothing taken off.
  const plain = all[kinds.indexOf("plain")].fastest;
  const capped = all.map(({ grid, fastest }) => {
    const most = Math.max(plain, fastest);
    return most > 0 ? { ...grid, values: grid.values.map((rate) => Math.min(rate, most)) } : grid;
  });
  const rates = Object.fromEntries(kinds.map((kind, index) => [kind, capped[index]]));
  const terms = { ...corrected[layout], rates: rates as unknown as LayoutTerms["rates"] };
  return { ...terms, lineByLine: lineByLine({ ...corrected, [layout]: terms }, layout, measured) };
}

function rateGrid(
  kind: RateKind,
  layout: Layout,
  profile: MachineProfile,
  { capabilities, times, thorough }: Measured,
): { readonly grid: Grid; readonly fastest: number } {
  const { tail } = profile[layout];
  const whole = (axis: "m" | "n", size: number): number =>
    wholeTiles(size, tileSide(capabilities, { kind: kind === "tap" ? "patch" : kind, layout }, axis), tail[axis]);
  const { m, images, depths } = gridSizes(kind, thorough);
  const k = depths.map(([channels, side]) => channels * side * side);
  const values: number[] = [];
  let fastest = 0;
  for (const rows of m) {
    images.forEach((image, at) => {
      depths.forEach((depth, index) => {
        const shape = gridShape(kind, layout, rows, image, depth);
        const seconds = times.ifTimed(shape);
        if (seconds === undefined) {
          // Too much work to be timed: as fast as the next smaller image, or the next smaller depth or number of rows.
          const back = at > 0 ? depths.length : index > 0 ? 1 : images.length * depths.length;
          values.push(values[values.length - back]);
          return;
        }
        const work: GemmWork = { ...workOf(shape), count: 1 };
        const own = seconds - profile.callSeconds.gemm;
        const flops = 2 * whole("m", work.m) * whole("n", work.n) * work.k;
        // Corrections are differences of times and must not eat up a time.
        values.push(flops / Math.max(own - besidesSeconds(profile, work, farA(profile, work)), seconds / 4));
        if (flops >= measurableFlops) fastest = Math.max(fastest, (2 * work.m * work.n * work.k) / own);
      });
    });
  }
  const n = images.map(([rows, cols]) => whole("n", rows * cols));
  return { grid: { m: m.map((rows) => whole("m", rows)), n, k, values }, fastest };
}

/** Where between the time of one product and that of one for every line a product lies. */
function lineByLine(profile: MachineProfile, layout: Layout, { capabilities, times }: Measured): number {
  const shape = apartShape(layout);
  const work: GemmWork = { ...workOf(shape), count: 1 };
  const own = times.need(shape) - profile.callSeconds.gemm - besidesSeconds(profile, work, farA(profile, work));
  const together = gridSeconds(profile, work, capabilities, work.n);
  const apart = (work.n / work.line) * gridSeconds(profile, work, capabilities, work.line);
  return apart > together ? Math.min(1, Math.max(0, (own - together) / (apart - together))) : 0;
}

/** Of a timed product, whose constants are its own A alone. */
function farA({ far }: MachineProfile, { m, k }: GemmWork): number {
  return onCurve(far, 4 * m * k);
}

function workOf(shape: GemmShape): Omit<GemmWork, "count"> {
  return gemmWork(gemmCase(shape).descriptor as GemmDescriptor, 0, shape.rows);
}
