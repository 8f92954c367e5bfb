/** One line on stderr that says how far a long run is, so that stdout stays nothing but results. */
export function progress(text: string): void {
  process.stderr.write(`${text}\n`);
}
