import type { KernelVariant } from "@leanconv/wasm-kernels";
import type { Column } from "../harness/report.ts";
import { round } from "../harness/round.ts";
import type { GemmShape } from "./gemm-shapes.ts";

/** What all rows of a run have in common. */
export interface RowHead {
  readonly provider: string;
  /** Of providers that come in variants, with their register tile. */
  readonly variant?: KernelVariant;
  readonly tile?: string;
  readonly threads: number;
}

/** One line of results. `ms` is a median; `fraction` is gflops / peakGflops, both from the same rounds. */
export interface GemmRow extends RowHead {
  readonly m: number;
  readonly n: number;
  readonly k: number;
  readonly kind: "plain" | "patch";
  readonly layout?: "nchw" | "nhwc";
  readonly ms: number;
  readonly gflops: number;
  /** Of the fastest loop that only computes, times the threads. */
  readonly peakGflops: number;
  readonly fraction: number;
  /** How many times longer the naive loop takes. */
  readonly naiveRatio?: number;
  /** The same product by calling the library itself. */
  readonly directMs?: number;
  /** ms / directMs, and the difference in microseconds. */
  readonly directRatio?: number;
  readonly overUs?: number;
  /** Set where the fraction says that the measurement is wrong. */
  readonly invalid?: true;
}

/** Nothing can be faster than the inner loop it consists of; 3 % are for noise. */
const highestFraction = 1.03;

/** What else was measured in the same rounds, and whether the peak is that of a loop on registers, which bounds all. */
export interface Beside {
  readonly naiveSeconds?: number;
  readonly directSeconds?: number;
  readonly registerPeak?: boolean;
}

/** The numbers of one shape from its median times. */
export function gemmRow(
  { m, k, rows, cols, b, layout }: GemmShape,
  head: RowHead,
  seconds: number,
  peakSecondsPerOperation: number,
  { naiveSeconds, directSeconds, registerPeak = true }: Beside = {},
): GemmRow {
  const n = rows * cols;
  const gflops = (2e-9 * m * n * k) / seconds;
  const peakGflops = (1e-9 * head.threads) / peakSecondsPerOperation;
  const fraction = gflops / peakGflops;
  return {
    ...head,
    ...{ m, n, k, kind: b.kind, ...((head.variant !== undefined || head.provider === "native") && { layout }) },
    ...{ ms: round(1000 * seconds, 4), gflops: round(gflops, 3), peakGflops: round(peakGflops, 3) },
    fraction: round(fraction, 4),
    ...(naiveSeconds !== undefined && { naiveRatio: round(naiveSeconds / seconds, 3) }),
    ...(directSeconds !== undefined && {
      directMs: round(1000 * directSeconds, 4),
      directRatio: round(seconds / directSeconds, 4),
      overUs: round(1e6 * (seconds - directSeconds), 3),
    }),
    ...(registerPeak && fraction > highestFraction && { invalid: true }),
  };
}

export function columns({ variant }: RowHead, direct: boolean): readonly Column<GemmRow>[] {
  const provider = (row: GemmRow): string =>
    [row.provider, row.variant, row.tile, ...(row.threads > 1 ? [`x${row.threads}`] : [])].filter(Boolean).join(" ");
  return [
    { name: "provider", cell: provider, text: true },
    { name: "m", cell: ({ m }) => `${m}` },
    { name: "n", cell: ({ n }) => `${n}` },
    { name: "k", cell: ({ k }) => `${k}` },
    { name: "B", cell: ({ kind, layout = "" }) => `${kind} ${layout}`.trim(), text: true },
    { name: "ms", cell: ({ ms }) => ms.toFixed(3) },
    { name: "GFLOP/s", cell: ({ gflops }) => gflops.toFixed(2) },
    { name: "peak", cell: ({ peakGflops }) => peakGflops.toFixed(2) },
    { name: "of peak", cell: ({ fraction }) => `${(100 * fraction).toFixed(1)} %` },
    ...(direct
      ? [
          { name: "library ms", cell: ({ directMs }: GemmRow) => directMs?.toFixed(4) ?? "" },
          { name: "ratio", cell: ({ directRatio }: GemmRow) => directRatio?.toFixed(3) ?? "" },
          { name: "more us", cell: ({ overUs }: GemmRow) => overUs?.toFixed(2) ?? "" },
        ]
      : []),
    ...(variant === undefined && !direct
      ? [{ name: "naive takes", cell: ({ naiveRatio = 0 }: GemmRow) => `${naiveRatio.toFixed(1)} x` }]
      : []),
  ];
}
