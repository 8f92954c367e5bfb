/** A quantity that keeps its value from one point to the next, as lines to be drawn. */
export interface StepChart {
  readonly title: string;
  readonly x: string;
  readonly y: string;
  readonly series: readonly {
    readonly name: string;
    /** Where on its step a point stands: its value holds until the next point ("end"), or from the one before ("start"). */
    readonly step: "start" | "end";
    readonly points: readonly (readonly [x: number, y: number])[];
  }[];
  /** Names of the values of x, where they are not numbers. */
  readonly names?: readonly string[];
}
