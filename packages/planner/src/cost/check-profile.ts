import { convError } from "@leanconv/core";
import type { GemmProvider } from "@leanconv/gemm";
import type { MachineProfile } from "./machine-profile.ts";

/**
 * That a profile was measured for this provider, variant, tile and number of threads. Whether the machine is the same
 * cannot be seen everywhere and is the caller's to know.
 * @throws `argument.profile-mismatch`
 */
export function checkProfile(profile: MachineProfile, provider: GemmProvider, threads: number): void {
  const got = `${profile.provider.identity} with ${profile.threads.count} thread(s)`;
  const wanted = `${provider.identity} with ${threads} thread(s)`;
  if (got === wanted) return;
  throw convError("argument.profile-mismatch", {
    where: "checkProfile",
    what: "a machine profile of another provider, variant, tile or number of threads",
    ...{ got, wanted },
    fix: "measure one with `leanconv calibrate`",
  });
}
