import Table from "cli-table3";

/** A column of a table: its heading and the text of a row's cell. */
export interface Column<Row> {
  readonly name: string;
  readonly cell: (row: Row) => string;
  /** Text is set to the left, numbers (the default) to the right. */
  readonly text?: boolean;
}

/** Collects the rows of a suite: as JSON, one object a line and at once; else as one table at the end. */
export class Report<Row extends object> {
  readonly #columns: readonly Column<Row>[];
  readonly #json: boolean;
  readonly #rows: Row[] = [];
  readonly #write: (text: string) => void;

  constructor(
    columns: readonly Column<Row>[],
    json: boolean,
    write: (text: string) => void = (text) => void process.stdout.write(text),
  ) {
    this.#columns = columns;
    this.#json = json;
    this.#write = write;
  }

  add(row: Row): void {
    this.#rows.push(row);
    if (this.#json) this.#write(`${JSON.stringify(row)}\n`);
  }

  end(): void {
    if (this.#json) return;
    const table = new Table({
      head: this.#columns.map(({ name }) => name),
      colAligns: this.#columns.map(({ text }) => (text ? "left" : "right")),
      style: { head: [], border: [], compact: true },
    });
    for (const row of this.#rows) table.push(this.#columns.map(({ cell }) => cell(row)));
    this.#write(`${table.toString()}\n`);
  }
}
