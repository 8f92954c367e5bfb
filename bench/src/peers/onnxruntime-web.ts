import { peerRequire, peerVersion } from "./install.ts";
import { type OnnxRuntime, onnxPeer } from "./onnxruntime.ts";
import type { Peer } from "./peer.ts";

export async function openOnnxRuntimeWeb(threads: number): Promise<Peer> {
  const name = "onnxruntime-web";
  const ort = peerRequire(name) as OnnxRuntime;
  ort.env.logLevel = "error";
  // Both only count before the first session.
  ort.env.wasm.numThreads = threads;
  ort.env.wasm.proxy = false;
  return onnxPeer(ort, {
    name,
    version: peerVersion(name),
    session: { executionProviders: ["wasm"] },
    ownOutput: false,
  });
}
