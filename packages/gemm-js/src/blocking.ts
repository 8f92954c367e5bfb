import { type GemmDescriptor, levelCount } from "@leanconv/gemm";
import { mr, nr } from "./tile.ts";

/** The largest block of B: kc deep and nc columns wide, or wider where k is less than kc. */
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

/** Columns whose places a kernel keeps in tables, at most. */
const widest = 1024;

/**
 * k in equal blocks of at most kc. A shallow block is wider, so that it always fills about the same part of the cache:
 * the wider it is, the longer are the runs of C that are written and the fewer the passes over A.
 */
export function planBlocks(
  { a, b, k, rows, cols }: GemmDescriptor,
  { kc: maxDepth, nc: minWidth }: Blocking,
): BlockPlan {
  const kc = Math.ceil(k / Math.max(1, Math.ceil(k / maxDepth))) | 0;
  const columns = rows * cols + (b.kind === "panels" ? nr : 0);
  const width = Math.max(minWidth, Math.min(widest, Math.floor((maxDepth * minWidth) / Math.max(1, kc))));
  const nc = (nr * Math.max(1, Math.min(Math.floor(width / nr), Math.ceil(columns / nr)))) | 0;
  const panels = a.kind === "packed" && levelCount(a.pack.rows) > 1;
  return { kc, nc, scratchB: b.kind === "panels" ? 0 : kc * nc, scratchA: panels ? 0 : mr * kc };
}
