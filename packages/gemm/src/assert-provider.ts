import { convError } from "@leanconv/core";
import type { GemmProvider } from "./provider.ts";

/** That what was handed over is a provider, not its name or the promise of one. @throws `argument.name` */
export function assertProvider(value: unknown, where: string): asserts value is GemmProvider {
  const { name, identity, capabilities } = (value ?? {}) as Partial<GemmProvider>;
  if (typeof name === "string" && typeof identity === "string" && typeof capabilities === "object") return;
  throw convError("argument.name", {
    where: `${where}: provider`,
    what: value instanceof Promise ? "the promise of a provider" : "not a provider",
    got: value instanceof Promise ? "a promise" : (value ?? "none"),
    wanted: "what jsGemm() or await wasmGemm() gives",
  });
}
