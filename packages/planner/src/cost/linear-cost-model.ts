import type { Requirements } from "@leanconv/conv";
import { roundUp } from "@leanconv/core";
import { bytesPerElement, type Capabilities, type GemmWork, type MoveWork } from "@leanconv/gemm";
import type { CostModel, PricedCandidate } from "./cost-model.ts";
import { sharedSeconds, teamOf } from "./team.ts";

/** The constants of a `linearCostModel`. Each is one term of the sum, so that they can be fitted by least squares. */
export interface LinearCostTerms {
  readonly name: string;
  /** Rate of a deep product of whole tiles, by the kind of B and the layout of C. A multiply-add is two flops. */
  readonly flopsPerSecond: Readonly<Record<GemmWork["kind"], Readonly<Record<GemmWork["layout"], number>>>>;
  /**
   * Of products of a single row with patches, in batches: depthwise, which providers do without tiles. Default: no
   * difference is made.
   */
  readonly depthwiseFlopsPerSecond?: number;
  /**
   * What m and n are rounded up to, by the layout of C, where tiles have remainders of their own or stand upright.
   * Default: the provider's tile. Panels of planes are whole in any case.
   */
  readonly grain?: Readonly<Record<GemmWork["layout"], { readonly m: number; readonly n: number }>>;
  /** Of bringing one element of B (n times k of them) into the provider's order before a product. Default 0. */
  readonly elementSeconds?: Readonly<Record<GemmWork["kind"], Readonly<Record<GemmWork["layout"], number>>>>;
  /** Of reading one element of A (m times k of them) in one product: many small products read the weights many times. Default 0. */
  readonly weightSeconds?: number;
  /** The depth k at which a product reaches half of that rate: entering and leaving a tile takes as long as this much k. */
  readonly halfRateDepth: number;
  /** Of one product, whatever its size. */
  readonly callSeconds: number;
  /** Of movers: bytes read and written, in long runs and in runs of one element. */
  readonly bytesPerSecond: { readonly contiguous: number; readonly scattered: number };
  /** Of tile transforms: 8 bytes for every point. Default: the scattered rate. */
  readonly transformBytesPerSecond?: number;
  /** C read and written again by products with beta = 1, in bytes of both directions. */
  readonly updateBytesPerSecond: number;
}

/**
 * The model the planner starts from (algorithms.md 7.5):
 *
 *     seconds = sum over products of  2 m' n' (k + h) / rate  +  n k element  +  m k weight
 *             + 8 m n beta / update  +  call
 *             + sum over moves of     bytes / contiguous  +  (bytes / run) (1 / scattered - 1 / contiguous)
 *
 * where tiles are transformed 8 bytes / transform for every point, with m' and n' rounded up to the grain and h = `halfRateDepth`. Depthwise products count 2 m n k at their own
 * rate. A that is not a packed constant counts as one more contiguous move of it.
 */
export function linearCostModel(terms: LinearCostTerms): CostModel {
  return {
    name: terms.name,
    seconds({ summary }: Requirements, capabilities: Capabilities, _candidate?: PricedCandidate, threads = 1): number {
      let seconds = 0;
      for (const gemm of summary.gemms) seconds += productSeconds(terms, gemm, capabilities) * gemm.batch * gemm.count;
      for (const move of summary.moves) seconds += moveSeconds(terms, move) * move.count;
      return sharedSeconds(teamOf([], threads), seconds, summary.phases);
    },
  };
}

function productSeconds(terms: LinearCostTerms, gemm: GemmWork, capabilities: Capabilities): number {
  const { m, n, k, beta, packed } = gemm;
  let seconds = terms.callSeconds + tileSeconds(terms, gemm, capabilities);
  if (beta === 1) seconds += (8 * m * n) / terms.updateBytesPerSecond;
  if (!packed) seconds += (8 * m * k) / terms.bytesPerSecond.contiguous;
  return seconds;
}

function tileSeconds(terms: LinearCostTerms, gemm: GemmWork, { mr, nr }: Capabilities): number {
  const { m, n, k, kind, layout, batch } = gemm;
  const { depthwiseFlopsPerSecond: depthwise } = terms;
  if (depthwise !== undefined && m === 1 && kind === "patch" && batch > 1) return (2 * n * k) / depthwise;
  const grain = terms.grain?.[layout] ?? { m: mr, n: nr };
  const columns = roundUp(n, kind === "panels" && layout === "nchw" ? nr : grain.n);
  const flops = 2 * roundUp(m, grain.m) * columns * (k + terms.halfRateDepth);
  const bringing = n * k * (terms.elementSeconds?.[kind][layout] ?? 0) + m * k * (terms.weightSeconds ?? 0);
  return flops / terms.flopsPerSecond[kind][layout] + bringing;
}

function moveSeconds(terms: LinearCostTerms, { kind, elements, run }: MoveWork): number {
  const bytes = bytesPerElement(kind) * elements;
  const { contiguous, scattered } = terms.bytesPerSecond;
  if (kind === "transform") return bytes / (terms.transformBytesPerSecond ?? scattered);
  return bytes / contiguous + (bytes / run) * (1 / scattered - 1 / contiguous);
}
