/** One network as data: its convolutions in the order they run, each as `[name, problem string]`. */
export interface NetworkTable {
  /** What follows its convolutions and their bias. */
  readonly activation: "relu" | "relu6";
  /** Endings of the names of layers that nothing follows: their output goes on as it is, or into a sum first. */
  readonly linear?: readonly string[];
  readonly rows: readonly (readonly [name: string, problem: string])[];
}
