export interface Column {
  readonly title: string;
  /** Numbers stand at the right end of their column. */
  readonly right?: boolean;
}

/** Columns two spaces apart under their titles, no line with blanks at its end; `footer` below a rule. */
export function textTable(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  footer?: readonly string[],
): string {
  const titles = columns.map(({ title }) => title);
  const lines = [titles, ...rows, ...(footer ? [footer] : [])];
  const widths = columns.map((_, at) => Math.max(...lines.map((line) => line[at].length)));
  const format = (line: readonly string[]): string =>
    columns
      .map(({ right }, at) => (right ? line[at].padStart(widths[at]) : line[at].padEnd(widths[at])))
      .join("  ")
      .trimEnd();
  const rule = widths.map((width) => "-".repeat(width)).join("  ");
  const body = [format(titles), rule, ...rows.map(format)];
  return (footer ? [...body, rule, format(footer)] : body).join("\n");
}
