import { installPeers } from "./install.ts";
import { type PeerName, peerNames } from "./names.ts";
import type { Peer } from "./peer.ts";

/** Opens a peer in this process, after installing it where that was not done. */
export async function openPeer(name: string, threads: number): Promise<Peer> {
  const known = peerNames.find((one) => one === name);
  if (known === undefined) throw new Error(`there is no peer ${name}; there are ${peerNames.join(", ")}`);
  installPeers();
  return openers[known](threads);
}

const openers: Readonly<Record<PeerName, (threads: number) => Promise<Peer>>> = {
  "onnxruntime-node": async (threads) => (await import("./onnxruntime-node.ts")).openOnnxRuntimeNode(threads),
  "onnxruntime-web": async (threads) => (await import("./onnxruntime-web.ts")).openOnnxRuntimeWeb(threads),
  "tfjs-wasm": async (threads) => (await import("./tfjs-wasm.ts")).openTfjsWasm(threads),
};
