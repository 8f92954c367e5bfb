/** The register tile of a kernel file: rows, and columns of four-lane vectors. */
export interface Tile {
  readonly mr: number;
  readonly nr: number;
}
