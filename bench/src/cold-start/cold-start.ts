import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { announceMachine } from "../harness/machine.ts";
import { median } from "../harness/median.ts";
import { progress } from "../harness/progress.ts";
import { type Column, Report } from "../harness/report.ts";
import { round } from "../harness/round.ts";
import { peerNames } from "../peers/names.ts";
import type { ColdStart, ColdStartTask } from "./cold-start-process.ts";

export interface ColdStartOptions extends Omit<ColdStartTask, "network" | "peer"> {
  readonly networks: readonly string[];
  readonly against?: string;
  readonly rounds: number;
  readonly json: boolean;
}

/** Milliseconds from nothing to the first output of all layers of a network: medians over fresh processes. */
export interface ColdStartRow extends ColdStart {
  readonly network: string;
  readonly name: string;
  readonly totalMs: number;
}

/** Starts processes by turns, ours and the peer's; each does everything once. */
export async function coldStartBench(options: ColdStartOptions): Promise<void> {
  announceMachine();
  const { networks, against, rounds, json, ...task } = options;
  const report = new Report<ColdStartRow>(columns, json);
  for (const network of networks) {
    const contenders = [undefined, ...peerNames.filter((name) => name === against)];
    const starts = contenders.map((): ColdStart[] => []);
    for (let turn = 0; turn < rounds; turn++) {
      for (const [index, peer] of contenders.entries()) {
        starts[index].push(await startOnce({ ...task, network, ...(peer !== undefined && { peer }) }));
      }
      progress(`${network}: ${turn + 1} of ${rounds}`);
    }
    for (const [index, peer] of contenders.entries()) {
      report.add(coldStartRow(network, peer ?? `leanconv ${task.provider}`, starts[index]));
    }
  }
  report.end();
}

async function startOnce(task: ColdStartTask): Promise<ColdStart> {
  const file = join(import.meta.dirname, "cold-start-process.ts");
  const args = [...process.execArgv, file, JSON.stringify(task)];
  const { stdout } = await promisify(execFile)(process.execPath, args, { encoding: "utf8" });
  return JSON.parse(stdout);
}

/** The medians of several starts. */
export function coldStartRow(network: string, name: string, starts: readonly ColdStart[]): ColdStartRow {
  const middle = (pick: (start: ColdStart) => number): number => round(median(starts.map(pick)), 2);
  return {
    ...{ network, name, openMs: middle(({ openMs }) => openMs), planMs: middle(({ planMs }) => planMs) },
    ...{ prepareMs: middle(({ prepareMs }) => prepareMs), firstRunMs: middle(({ firstRunMs }) => firstRunMs) },
    totalMs: middle(({ openMs, planMs, prepareMs, firstRunMs }) => openMs + planMs + prepareMs + firstRunMs),
  };
}

const columns: readonly Column<ColdStartRow>[] = [
  { name: "network", cell: ({ network }) => network, text: true },
  { name: "", cell: ({ name }) => name, text: true },
  { name: "open ms", cell: ({ openMs }) => openMs.toFixed(1) },
  { name: "plan ms", cell: ({ planMs }) => planMs.toFixed(1) },
  { name: "prepare ms", cell: ({ prepareMs }) => prepareMs.toFixed(1) },
  { name: "first run ms", cell: ({ firstRunMs }) => firstRunMs.toFixed(1) },
  { name: "total ms", cell: ({ totalMs }) => totalMs.toFixed(1) },
];
