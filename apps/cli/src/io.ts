import pc from "picocolors";

/** Where a command writes and how. Tests pass one that collects. */
export interface Io {
  out(text: string): void;
  err(text: string): void;
  /** Whether `out` may carry colours. */
  readonly colors: boolean;
  /** Whether `err` is a terminal, so that progress may be drawn on it. */
  readonly progress: boolean;
}

/** Colour functions that do nothing where colours are off. */
export type Palette = ReturnType<typeof pc.createColors>;

export function palette(io: Io): Palette {
  return pc.createColors(io.colors);
}

/** One JSON object on a line of its own. */
export function writeJson(io: Io, value: unknown): void {
  io.out(`${JSON.stringify(value)}\n`);
}

/** The parts of a process that decide what is written where. `process` is one. */
export interface ProcessStreams {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdout: { write(text: string): unknown; readonly isTTY?: boolean };
  readonly stderr: { write(text: string): unknown; readonly isTTY?: boolean; readonly columns?: number };
}

/** The streams of a process. Colours follow NO_COLOR and FORCE_COLOR, and without them whether stdout is a terminal. */
export function processIo({ env, stdout, stderr }: ProcessStreams): Io {
  const terminal = stdout.isTTY === true && env.TERM !== "dumb";
  return {
    out: (text) => void stdout.write(text),
    err: (text) => void stderr.write(text),
    colors: !env.NO_COLOR && (Boolean(env.FORCE_COLOR) || terminal),
    // Some pseudo terminals say that they are 0 columns wide; ora would clear lines for ever on those.
    progress: stderr.isTTY === true && env.TERM !== "dumb" && (stderr.columns ?? 0) > 0,
  };
}
