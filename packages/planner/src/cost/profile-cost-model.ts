import type { Requirements } from "@leanconv/conv";
import { convError } from "@leanconv/core";
import { bytesPerElement, type Capabilities, type GemmWork, type MoveWork } from "@leanconv/gemm";
import type { CostModel, PricedCandidate } from "./cost-model.ts";
import { defaultNodeTerms, functionSeconds } from "./function-terms.ts";
import { onCurve, onGrid } from "./interpolate.ts";
import type { BringTerms, DepthwiseTerms, MachineProfile, RateKind } from "./machine-profile.ts";
import { sharedSeconds, teamOf } from "./team.ts";

/**
 * The model of a calibrated machine (algorithms.md 7.5):
 *
 *     seconds = sum over products of  call + 2 m' n' k / rate(m', n', k; kind, layout)
 *                                     + n k (element + m row)(line, stride; channels) + m n (update(bytes of C) + finish + rowEnd(width))
 *                                     + 4 m k far(bytes of all packed A) + 4 (n k + m n) far(bytes of workspace)
 *             + sum over moves of     call + bytes (spill(bytes) / rate(inner; kind, form) + far(bytes of workspace))
 *
 * m' and n' count a remainder of the register tile as the part of a tile that it takes. Rates are interpolated between
 * the measured sizes in their logarithms. Depthwise products have rates of their own over the pixels of a row. With
 * threads, all of it is divided by the speedup, and every phase adds a barrier: by the profile of that number of threads,
 * if there is one among several, else by the rule of `teamOf`.
 * @throws `argument.profile-mismatch` for profiles of several providers or twice of one number of threads, or none
 */
export function profileCostModel(given: MachineProfile | readonly MachineProfile[]): CostModel {
  const profiles = Array.isArray(given) ? (given as readonly MachineProfile[]) : [given as MachineProfile];
  const sorted = [...profiles].sort((a, b) => a.threads.count - b.threads.count);
  const [first] = sorted;
  const identities = new Set(sorted.map(({ provider }) => provider.identity));
  if (first === undefined || identities.size > 1) {
    throw convError("argument.profile-mismatch", {
      where: "profileCostModel",
      what: "profiles of one provider, variant and tile make a model",
      got: [...identities].join(", ") || "no profile",
    });
  }
  const distinct = new Set(sorted.map(({ threads }) => threads.count));
  if (distinct.size < sorted.length) {
    throw convError("argument.profile-mismatch", {
      where: "profileCostModel",
      what: "two profiles are of one number of threads",
      got: sorted.map(({ threads }) => threads.count).join(", "),
    });
  }
  const { provider, machine, nodes = defaultNodeTerms } = first;
  const teams = sorted.map(({ threads }) => threads);
  const counts = teams.map(({ count }) => count).join("+");
  return {
    name: `${provider.identity}/${counts} on ${machine.cpu}, ${machine.runtime}`,
    seconds(
      { summary, packedBytes, workspaceBytes }: Requirements,
      capabilities: Capabilities,
      _candidate?: PricedCandidate,
      threads = 1,
    ): number {
      // What one thread takes stands in all profiles.
      const profile = sorted.findLast((one) => one.threads.count <= threads) ?? first;
      const far: Distance = {
        constants: onCurve(profile.far, packedBytes),
        workspace: onCurve(profile.far, workspaceBytes),
      };
      let seconds = 0;
      for (const gemm of summary.gemms) seconds += productSeconds(profile, gemm, capabilities, far) * gemm.count;
      for (const move of summary.moves) {
        const bytes = bytesPerElement(move.kind) * move.elements;
        seconds += (moveSeconds(profile, move) + bytes * far.workspace) * move.count;
      }
      return sharedSeconds(teamOf(teams, threads), seconds, summary.phases);
    },
    nodeSeconds: (node, _input, output) => functionSeconds(nodes, node, output),
  };
}

/** How far what a run comes back to lies, in seconds for every byte of it. */
interface Distance {
  readonly constants: number;
  readonly workspace: number;
}

/** Of one call. */
function productSeconds(profile: MachineProfile, gemm: GemmWork, tile: Tile, far: Distance): number {
  const { m, n, k, kind } = gemm;
  // Patches are read from the input, to which a run does not come back.
  const worked = kind === "patch" ? 0 : 4 * (n * k + m * n) * far.workspace;
  const each = rateSeconds(profile, gemm, tile) + besidesSeconds(profile, gemm, far.constants) + worked;
  return profile.callSeconds.gemm + gemm.batch * each;
}

/** The part of a product that its rate on the grid decides. */
function rateSeconds(profile: MachineProfile, gemm: GemmWork, tile: Tile): number {
  const { m, n, k, layout } = gemm;
  if (m * n * k === 0) return 0;
  const { depthwise, lineByLine } = profile[layout];
  if (isDepthwise(gemm)) return n * k * depthwiseSeconds(depthwise, gemm);
  const together = gridSeconds(profile, gemm, tile, n);
  if (gemm.line === n || lineByLine === 0) return together;
  const apart = (n / gemm.line) * gridSeconds(profile, gemm, tile, gemm.line);
  return together + lineByLine * Math.max(0, apart - together);
}

/** Of a product with so many pixels. */
export function gridSeconds(profile: MachineProfile, gemm: GemmWork, tile: Tile, pixels: number): number {
  const { m, k, layout } = gemm;
  const { rates, tail } = profile[layout];
  const rows = wholeTiles(m, tileSide(tile, gemm, "m"), tail.m);
  const cols = wholeTiles(pixels, tileSide(tile, gemm, "n"), tail.n);
  return (2 * rows * cols * k) / onGrid(rates[rateKind(gemm)], rows, cols, k);
}

function rateKind({ kind, taps }: GemmWork): RateKind {
  return kind === "patch" && taps === 1 ? "tap" : kind;
}

/**
 * What a product takes beyond that: bringing patches, row ends and updates of C, weights that are not packed, and packed
 * ones that lie so many seconds a byte away.
 */
export function besidesSeconds(profile: MachineProfile, gemm: GemmWork, farConstants: number): number {
  const { m, n, k, layout, kind, run, width, beta, stride, finished } = gemm;
  const { lines, taps, crossed, updateSeconds, finishSeconds, rowEndSeconds } = profile[layout];
  const update = beta === 1 ? m * n * onCurve(updateSeconds, 4 * m * n) : 0;
  if (isDepthwise(gemm)) return update;
  let seconds = update + (finished ? m * n * finishSeconds : 0);
  if (gemm.crossed) seconds += n * k * (crossed.elementSeconds + m * crossed.rowSeconds);
  else if (kind === "patch") {
    const terms: readonly (readonly [BringTerms, number])[] = [
      [taps, k / gemm.taps],
      ...(lines.length > 0 ? [[byStride(lines, stride), run] as const] : []),
    ];
    for (const [{ elementSeconds, rowSeconds }, size] of terms) {
      seconds += n * k * (onCurve(elementSeconds, size) + m * onCurve(rowSeconds, size));
    }
  }
  if (layout === "nchw" && width < n) seconds += m * n * onCurve(rowEndSeconds, width);
  seconds += gemm.packed ? 4 * m * k * farConstants : moveSeconds(profile, unpackedA(m, k));
  return seconds;
}

/** A product of single rows in batches, which providers compute without tiles. */
function isDepthwise({ m, kind, batch }: GemmWork): boolean {
  return m === 1 && kind === "patch" && batch > 1;
}

/** The register tile of a provider. */
export type Tile = Pick<Capabilities, "mr" | "nr" | "productTile">;

/** Where channels are contiguous the tile lies across: its rows are pixels. */
export function tileSide(tile: Tile, { kind, layout }: Pick<GemmWork, "kind" | "layout">, axis: "m" | "n"): number {
  const { mr, nr } = kind === "panels" ? tile : (tile.productTile ?? tile);
  return (axis === "m") === (layout === "nchw") ? mr : nr;
}

/** A size in elements of whole tiles: a remainder of one counts `tail` of a tile, and larger ones more in proportion. */
export function wholeTiles(size: number, side: number, tail: number): number {
  const rest = size % side;
  if (rest === 0) return size;
  return size - rest + side * (tail + ((1 - tail) * (rest - 1)) / (side - 1));
}

/** Of one call. */
function moveSeconds({ moves, spill, callSeconds }: MachineProfile, move: MoveWork): number {
  const { kind, form, inner, elements } = move;
  if (elements === 0) return callSeconds.move;
  const bytes = bytesPerElement(kind) * elements;
  const own = moves.filter((one) => one.kind === kind);
  // Forms that were not told apart for a kind are priced as its slowest, kinds that were not timed as copies.
  const rate = own.find((one) => one.form === form) ?? own.at(-1) ?? moves[0];
  return callSeconds.move + (bytes / onCurve(rate.bytesPerSecond, inner)) * onCurve(spill, bytes);
}

function unpackedA(m: number, k: number): MoveWork {
  return { kind: "copy", form: "gathered", elements: m * k, inner: k, run: 1, count: 1 };
}

/** Per multiply-add: linear in the taps between the kernels that were measured, since a pixel's own costs are shared by them. */
function depthwiseSeconds(entries: readonly DepthwiseTerms[], { stride, taps, layout, run, width }: GemmWork): number {
  // Dense planes of C are one run of pixels, but their lines are computed one by one.
  const cols = layout === "nchw" ? run : width;
  const same = byStride(entries, stride).stride;
  const kernels = entries.filter((entry) => entry.stride === same);
  const at = kernels.map((entry) => entry.taps);
  const perPixel = kernels.map((entry) => entry.taps * onCurve(entry.macSeconds, cols));
  const above = Math.max(
    1,
    at.findIndex((count) => count >= taps),
  );
  if (taps >= (at.at(-1) as number) || at.length === 1) return (perPixel.at(-1) as number) / (at.at(-1) as number);
  const share = (taps - at[above - 1]) / (at[above] - at[above - 1]);
  return Math.max(0, perPixel[above - 1] + share * (perPixel[above] - perPixel[above - 1])) / taps;
}

/** The entry of the stride, or of the nearest one below it. */
function byStride<Entry extends { readonly stride: number }>(entries: readonly Entry[], stride: number): Entry {
  return entries.reduce((best, entry) => (entry.stride <= stride && entry.stride >= best.stride ? entry : best));
}
