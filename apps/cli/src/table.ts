import Table from "cli-table3";
import type { Palette } from "./io.ts";

export interface Column {
  readonly title: string;
  readonly right?: boolean;
  /** At least this wide: for cells that are not known when the head is printed. */
  readonly width?: number;
}

const noLines = Object.fromEntries(
  ["top", "bottom", "left", "right"].flatMap((side) => [
    [side, ""],
    [`${side}-mid`, ""],
    [`${side}-left`, ""],
    [`${side}-right`, ""],
  ]),
);

/** A table without lines whose rows can be printed as they come. */
export interface RowPrinter {
  head(): string;
  row(cells: readonly string[]): string;
}

/** Columns as wide as their title and the cells that are `known`; each line ends in a line break. */
export function rowPrinter(
  columns: readonly Column[],
  known: readonly (readonly string[])[],
  colors: Palette,
): RowPrinter {
  const widths = columns.map(({ title, width = 0 }, at) =>
    Math.max(title.length, width, ...known.map((cells) => cells[at]?.length ?? 0)),
  );
  const print = (cells: readonly string[]): string => {
    const table = new Table({
      chars: { ...noLines, mid: "", "mid-mid": "", middle: "  " },
      style: { "padding-left": 0, "padding-right": 0, head: [], border: [] },
      colWidths: widths,
      colAligns: columns.map(({ right }) => (right ? "right" : "left")),
    });
    table.push([...cells]);
    return `${table.toString().trimEnd()}\n`;
  };
  return { head: () => print(columns.map(({ title }) => colors.dim(title))), row: print };
}

/** A whole table at once. */
export function wholeTable(columns: readonly Column[], rows: readonly (readonly string[])[], colors: Palette): string {
  const printer = rowPrinter(columns, rows, colors);
  return printer.head() + rows.map((cells) => printer.row(cells)).join("");
}
