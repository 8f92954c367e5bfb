import { listLibraries } from "../src/index.ts";

/** Libraries that tests can run; where one is missing they skip, and say so in their names. */
export const installed: ReadonlySet<string> = new Set(
  (await listLibraries()).flatMap((library) => ("problem" in library ? [] : [library.kind])),
);
