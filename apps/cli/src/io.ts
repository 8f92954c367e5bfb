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

/** The process's own streams. Colours follow NO_COLOR and FORCE_COLOR, and without them whether stdout is a terminal. */
export function processIo(): Io {
  const { env, stdout, stderr } = process;
  const terminal = stdout.isTTY === true && env.TERM !== "dumb";
  return {
    out: (text) => void stdout.write(text),
    err: (text) => void stderr.write(text),
    colors: !env.NO_COLOR && (Boolean(env.FORCE_COLOR) || terminal),
    progress: stderr.isTTY === true && env.TERM !== "dumb",
  };
}
