/** The engine as far as it decides a kernel file. */
export interface Engine {
  /** Major version of V8; undefined where another engine runs. */
  readonly v8: number | undefined;
  /** Node, rather than a page or a worker that merely offers some of its modules. */
  readonly node: boolean;
  /** As Node names it; undefined elsewhere. */
  readonly architecture: string | undefined;
}

/** Reads what the runtime says about itself. */
export function detectEngine(): Engine {
  const { process, navigator } = globalThis as {
    process?: { readonly versions?: Readonly<Record<string, string | undefined>>; readonly arch?: string };
    navigator?: { readonly userAgent?: string };
  };
  const versions = process?.versions ?? {};
  // Bun and Deno name a version of Node that they imitate; Deno's V8 is real.
  const node = versions.node !== undefined && versions.bun === undefined && versions.deno === undefined;
  const v8 = versions.bun === undefined ? (versions.v8 ?? chromiumVersion(navigator?.userAgent)) : undefined;
  return { node, v8: v8 === undefined ? undefined : Number.parseInt(v8, 10), architecture: process?.arch };
}

/** Chromium 131 carries V8 13.1. */
function chromiumVersion(userAgent = ""): string | undefined {
  const major = /Chrom(?:e|ium)\/(\d+)/.exec(userAgent)?.[1];
  return major === undefined ? undefined : String(Number(major) / 10);
}
