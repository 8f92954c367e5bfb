import { fork } from "node:child_process";
import { join } from "node:path";
import type { Peer } from "./peer.ts";
import type { Answer, Question } from "./peer-process.ts";

/** Opens a peer in a process that has none of the engine flags of this one. */
export async function openRemotePeer(name: string, threads: number): Promise<Peer> {
  const file = join(import.meta.dirname, "peer-process.ts");
  const child = fork(file, { serialization: "advanced", stdio: ["ignore", "ignore", "inherit", "ipc"] });
  const ask = <Value>(question: Question): Promise<Value> =>
    new Promise((resolve, reject) => {
      const onExit = (): void => reject(new Error(`the process of ${name} ended`));
      child.once("exit", onExit);
      child.once("message", (answer: Answer) => {
        child.off("exit", onExit);
        if ("error" in answer) reject(new Error(answer.error));
        else resolve(answer.value as Value);
      });
      child.send(question);
    });
  const version = await ask<string>({ kind: "start", name, threads });
  return {
    ...{ name, version },
    async open(problem, values) {
      await ask({ kind: "open", problem, values });
      return {
        contender: {
          name,
          warm: (seconds, sampleSeconds) => ask({ kind: "warm", seconds, sampleSeconds }),
          sample: () => ask({ kind: "sample" }),
        },
        output: () => ask({ kind: "output" }),
        dispose: () => ask({ kind: "close" }),
      };
    },
    dispose: () => child.disconnect(),
  };
}
