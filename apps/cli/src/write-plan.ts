import { convError, type NetworkPlan, type Plan } from "leanconv";
import { writeFile } from "./write-file.ts";

/** Writes the only plan to the file of --output. @throws `argument.name` where there are several, or no place for it */
export function writePlan(path: string, source: string, plans: readonly (Plan | NetworkPlan)[]): void {
  const where = "--output";
  if (plans.length !== 1) {
    throw convError("argument.name", { where, what: "a file of several networks has several plans", got: source });
  }
  writeFile(where, path, `${JSON.stringify(plans[0])}\n`);
}
