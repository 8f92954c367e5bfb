import { convError, type GemmProvider, type Plan } from "leanconv";

/** Reads the value of --threads. @throws `argument.range` */
export function parseThreads(text: string): number {
  const threads = Number(text);
  if (/^[0-9]+$/.test(text.trim()) && Number.isSafeInteger(threads) && threads >= 1) return threads;
  const wanted = "a whole number of at least 1";
  throw convError("argument.range", { where: "--threads", what: "not a number of threads", got: text, wanted });
}

/** That an opened provider has the threads that were asked for: numbers of fewer would mislead. @throws `unsupported.threads` */
export function checkThreads({ name, capabilities }: GemmProvider, threads: number): void {
  if (capabilities.threads >= threads) return;
  const reason = capabilities.threading?.reason;
  throw convError("unsupported.threads", {
    where: "--threads",
    what: `the provider "${name}" cannot have so many here${reason === undefined ? "" : `: ${reason}`}`,
    got: threads,
    wanted: `at most ${capabilities.threads}`,
  });
}

/** How the threads of a provider came about: `4`, or `1 of 4: why`. */
export function threadStatus({ threads, threading }: GemmProvider["capabilities"]): string {
  if (threading === undefined) return `${threads}`;
  const { wanted, got, reason } = threading;
  return `${got === wanted ? got : `${got} of ${wanted}`}${reason === undefined ? "" : `: ${reason}`}`;
}

/** The provider of a plan, with its threads where there are several. */
export function withThreads({ provider, threads }: Plan): string {
  return threads === 1 ? provider.identity : `${provider.identity} with ${threads} threads`;
}
