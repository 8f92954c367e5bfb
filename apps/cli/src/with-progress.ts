import ora from "ora";
import type { Io } from "./io.ts";

/** Does what takes seconds while a spinner says how much of it is done, where there is a terminal to draw it on. */
export async function withProgress<Result>(
  io: Io,
  text: string,
  work: (onProgress: (done: number, total: number) => void) => Promise<Result>,
): Promise<Result> {
  const spinner = io.progress ? ora({ text, discardStdin: false }).start() : undefined;
  try {
    return await work((done, total) => {
      if (spinner) spinner.text = `${text}: ${Math.floor((100 * done) / total)} %`;
    });
  } finally {
    spinner?.stop();
  }
}
