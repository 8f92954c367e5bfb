import type { ErrorCode } from "@leanconv/core";
import type { Candidate } from "./plan.ts";

/** Why candidates refuse, every reason once per algorithm: with its forms where others of them have other reasons. */
export function groupedReasons(candidates: readonly Candidate[]): string {
  const algorithms = Map.groupBy(candidates, ({ algorithm }) => algorithm);
  const parts = [...algorithms].flatMap(([algorithm, own]) => {
    const reasons = [...Map.groupBy(own, ({ reason }) => reason)];
    if (reasons.length === 1) return [named(algorithm, reasons[0][0])];
    return reasons.map(([reason, those]) => {
      const forms = new Set(those.map(({ variant }) => variant.form));
      return `${algorithm} ${[...forms].join(", ")}: ${reason}`;
    });
  });
  return parts.join("; ");
}

/** The reason behind the name, unless it begins with it. */
function named(algorithm: string, reason: string): string {
  return reason.startsWith(`${algorithm} `) ? reason : `${algorithm}: ${reason}`;
}

/** What the caller can do about a refusal, by its code. */
const advices: Partial<Record<ErrorCode, (refused: Candidate) => string>> = {
  "unsupported.layout": ({ variant }) => {
    const other = variant.inputLayout === "nchw" ? "nhwc" : "nchw";
    return `plan with the option layout "${other}" (on the command line --layout ${other})`;
  },
  "unsupported.shared-input": () => "declare that nobody else reads the input, with the option exclusiveInputs",
  "unsupported.threads": () => "plan with one thread",
};

/** The advice of the first refusal that has one of its own, else the one that always helps. */
export function advice(candidates: readonly Candidate[]): string {
  for (const candidate of candidates) {
    const own = advices[candidate.status as ErrorCode];
    if (own) return own(candidate);
  }
  return "allow more algorithms; im2col and implicit-gemm take every problem";
}
