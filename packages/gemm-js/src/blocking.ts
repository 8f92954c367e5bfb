import { type GemmDescriptor, levelCount } from "@leanconv/gemm";
import { mr, nr } from "./tile.ts";

/** Sizes of the cache blocks: a panel block of B is kc deep and nc columns wide. */
export interface Blocking {
  readonly kc: number;
  readonly nc: number;
}

/** What a kernel with this descriptor uses. The query and the kernel both read it, so they cannot differ. */
export interface BlockPlan {
  readonly kc: number;
  readonly nc: number;
  /** Elements of scratch for the packed block of B; the panel of a plain A lies behind them. */
  readonly scratchB: number;
  readonly scratchA: number;
}

/** Blocks of equal depth, at most `kc`, and no wider than the matrix. */
export function planBlocks(descriptor: GemmDescriptor, blocking: Blocking): BlockPlan {
  const { a, b, k, rows, cols } = descriptor;
  const kc = Math.ceil(k / Math.max(1, Math.ceil(k / blocking.kc)));
  const wide = Math.min(blocking.nc, Math.ceil((rows * cols) / nr) * nr + (b.kind === "panels" ? nr : 0));
  const nc = Math.max(nr, wide);
  const panelled = a.kind === "packed" && levelCount(a.pack.rows) > 1;
  return { kc, nc, scratchB: b.kind === "panels" ? 0 : kc * nc, scratchA: panelled ? 0 : mr * kc };
}
