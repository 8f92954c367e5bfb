// A peer in a process of its own: `remote-peer.ts` starts this file and asks it one question at a time.

import type { ConvProblem } from "leanconv";
import type { LayerValues } from "../layer-values.ts";
import type { Peer, PeerLayer } from "./peer.ts";
import { openPeer } from "./peers.ts";

export type Question =
  | { readonly kind: "start"; readonly name: string; readonly threads: number }
  | { readonly kind: "open"; readonly problem: ConvProblem; readonly values: LayerValues }
  | { readonly kind: "warm"; readonly seconds: number; readonly sampleSeconds: number }
  | { readonly kind: "sample" | "output" | "close" };

export type Answer = { readonly value: unknown } | { readonly error: string };

let peer: Peer;
let layer: PeerLayer;

async function answer(question: Question): Promise<unknown> {
  switch (question.kind) {
    case "start":
      peer = await openPeer(question.name, question.threads);
      return peer.version;
    case "open":
      layer = await peer.open(question.problem, question.values);
      return;
    case "warm":
      return layer.contender.warm(question.seconds, question.sampleSeconds);
    case "sample":
      return layer.contender.sample();
    case "output":
      return layer.output();
    case "close":
      return layer.dispose();
  }
}

process.on("message", async (question: Question) => {
  const reply: Answer = await answer(question).then(
    (value) => ({ value }),
    (error) => ({ error: error instanceof Error ? error.message : String(error) }),
  );
  process.send?.(reply);
});
