import { allAlgorithms, type ConvProblem, formatBytes } from "leanconv";
import type { AlgorithmRow } from "./measure-variants.ts";

/** A transform multiplies less often, which is another comparison. */
const transforming = new Set(
  allAlgorithms.filter(({ errorClass }) => errorClass.accuracy !== "no-transform").map(({ name }) => name),
);
const accumulating: readonly string[] = ["kn2row-aa", "kn2col-kw"];

/** Markdown: one line a layer and layout, the accumulating algorithms in strips beside the fastest of all forms. */
export function accumulatingTable(
  rows: readonly AlgorithmRow[],
  problemOf: (row: AlgorithmRow) => ConvProblem,
): string {
  const groups = Map.groupBy(
    rows.filter((row) => !transforming.has(row.algorithm) && isCompared(problemOf(row))),
    ({ network, layer, layout }) => `${network} ${layer} ${layout}`,
  );
  const lines = [...groups.values()].flatMap((group) => {
    const best = fastest(group);
    const strips = group.filter(({ algorithm, form }) => accumulating.includes(algorithm) && /\brows[=/]/.test(form));
    // A small map is one strip: its whole form is the blocked one.
    const whole = group.filter(({ algorithm }) => accumulating.includes(algorithm));
    if (whole.length === 0) return [];
    const ours = fastest(strips.length > 0 ? strips : whole);
    const { oh, ow } = problemOf(ours);
    return [
      [
        ...[`${ours.network} ${ours.layer}`, `${oh}x${ow}`, ours.layout, `${ours.algorithm} ${ours.form}`],
        ...[formatBytes(ours.workspaceBytes), `${best.algorithm} ${best.form}`, formatBytes(best.workspaceBytes)],
        (ours.ms / best.ms).toFixed(3),
      ],
    ];
  });
  const head = ["layer", "map", "layout", "accumulating", "workspace", "fastest", "workspace", "relative time"];
  return [head, head.map(() => "---"), ...lines].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

function isCompared({ kh, kw, sh, sw, ic, groups }: ConvProblem): boolean {
  return kh === kw && (kh === 3 || kh === 5) && sh * sw === 1 && ic / groups >= 64;
}

function fastest(rows: readonly AlgorithmRow[]): AlgorithmRow {
  return rows.reduce((best, row) => (row.ms < best.ms ? row : best));
}
