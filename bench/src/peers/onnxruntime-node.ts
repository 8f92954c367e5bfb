import { processClock } from "../harness/clock.ts";
import { peerRequire, peerVersion } from "./install.ts";
import { type OnnxRuntime, onnxPeer } from "./onnxruntime.ts";
import type { Peer } from "./peer.ts";

/** Native code. A session computes on a thread of Node's pool, with those of its own. */
export async function openOnnxRuntimeNode(threads: number): Promise<Peer> {
  const name = "onnxruntime-node";
  const ort = peerRequire(name) as OnnxRuntime;
  ort.env.logLevel = "error";
  const session = { executionProviders: ["cpu"], intraOpNumThreads: threads, interOpNumThreads: 1 };
  return onnxPeer(ort, {
    ...{ name, version: peerVersion(name), session: { ...session, executionMode: "sequential" } },
    ...{ ownOutput: true, clock: processClock },
  });
}
