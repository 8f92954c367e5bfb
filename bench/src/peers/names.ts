export const peerNames = ["onnxruntime-node", "onnxruntime-web", "tfjs-wasm"] as const;
export type PeerName = (typeof peerNames)[number];
