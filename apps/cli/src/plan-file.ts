import { convError, type NetworkPlan, type Plan } from "leanconv";
import { checkWritable, writeFile } from "./write-file.ts";

const where = "--output";

/** That the plans of so many networks can be written, before they are made. @throws `argument.name` */
export function checkPlanFile(path: string, source: string, networks: number): void {
  if (networks !== 1) {
    throw convError("argument.name", { where, what: "a file of several networks has several plans", got: source });
  }
  checkWritable(where, path);
}

/** @throws `argument.name` */
export function writePlanFile(path: string, plan: Plan | NetworkPlan): void {
  writeFile(where, path, `${JSON.stringify(plan)}\n`);
}
