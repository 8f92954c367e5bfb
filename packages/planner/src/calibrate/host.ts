import type { Clock } from "./time-cases.ts";

interface Host {
  readonly performance: { now(): number };
  readonly process?: {
    readonly versions: Readonly<Record<string, string | undefined>>;
    getBuiltinModule?(name: string): { cpus(): readonly { readonly model: string }[] } | undefined;
  };
  readonly navigator?: { readonly userAgent?: string };
}

const host = globalThis as unknown as Host;

export const hostClock: Clock = () => host.performance.now() / 1000;

/** What the host says its processor is, where it says so. */
export function hostCpu(): string {
  const model = host.process?.getBuiltinModule?.("node:os")?.cpus()[0]?.model.trim();
  return model || "unknown";
}

/** The runtime with its major version: within one, kernels run alike. */
export function hostRuntime(): string {
  const { node, bun, deno } = host.process?.versions ?? {};
  const [name, version] = bun ? ["bun", bun] : deno ? ["deno", deno] : ["node", node];
  return version ? `${name} ${version.split(".")[0]}` : (host.navigator?.userAgent ?? "unknown");
}
