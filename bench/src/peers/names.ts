export const peerNames = ["onnxruntime-web", "tfjs-wasm"] as const;
export type PeerName = (typeof peerNames)[number];
