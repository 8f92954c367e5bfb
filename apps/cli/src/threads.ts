import { availableParallelism } from "node:os";
import { convError, type GemmProvider, type Plan } from "leanconv";
import { chooseProvider } from "./choose-provider.ts";

/** As many as were asked for, or as the host has cores. */
export type Threads = number | "auto";

/** Reads the value of --threads. @throws `argument.range` */
export function parseThreads(text: string): Threads {
  if (text === "auto") return text;
  const threads = Number(text);
  if (/^[0-9]+$/.test(text.trim()) && Number.isSafeInteger(threads) && threads >= 1) return threads;
  const wanted = "a whole number of at least 1, or auto";
  throw convError("argument.range", { where: "--threads", what: "not a number of threads", got: text, wanted });
}

/**
 * Opens a provider for --threads: it has as many as were asked for, and with "auto" as many as it can have of the host's
 * cores. The caller closes it.
 * @throws `unsupported.threads`, the codes of `chooseProvider`
 */
export async function openThreaded(name: string, threads: Threads): Promise<GemmProvider> {
  const provider = await chooseProvider(name, wantedThreads(threads));
  try {
    if (threads !== "auto") checkThreads(provider, threads);
    return provider;
  } catch (error) {
    provider.dispose();
    throw error;
  }
}

export function wantedThreads(threads: Threads): number {
  return threads === "auto" ? availableParallelism() : threads;
}

/** Of an opened provider, how many threads that is. */
export function threadCount({ capabilities }: GemmProvider, threads: Threads): number {
  return threads === "auto" ? capabilities.threads : threads;
}

/** Numbers of fewer would mislead. */
function checkThreads({ name, capabilities }: GemmProvider, threads: number): void {
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
