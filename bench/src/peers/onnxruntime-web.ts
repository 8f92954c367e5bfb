import { asyncContender } from "../harness/contender.ts";
import { peerRequire, peerVersion } from "./install.ts";
import { onnxConvModel } from "./onnx-conv-model.ts";
import type { Peer } from "./peer.ts";

// As much of its API as is used here; its own types are not installed with the workspace.
interface Tensor {
  readonly data: Float32Array;
}

interface Session {
  run(feeds: Readonly<Record<string, Tensor>>): Promise<Readonly<Record<string, Tensor>>>;
  release(): Promise<void>;
}

interface OnnxRuntime {
  readonly env: { logLevel: string; readonly wasm: { numThreads: number; proxy: boolean } };
  readonly Tensor: new (type: "float32", data: Float32Array, shape: readonly number[]) => Tensor;
  readonly InferenceSession: { create(model: Uint8Array, options: object): Promise<Session> };
}

export async function openOnnxRuntimeWeb(threads: number): Promise<Peer> {
  const name = "onnxruntime-web";
  const ort = peerRequire(name) as OnnxRuntime;
  ort.env.logLevel = "error";
  // Both only count before the first session.
  ort.env.wasm.numThreads = threads;
  ort.env.wasm.proxy = false;
  return {
    ...{ name, version: peerVersion(name) },
    async open(p, values) {
      const session = await ort.InferenceSession.create(onnxConvModel(p, values), { executionProviders: ["wasm"] });
      const x = new ort.Tensor("float32", values.input, [p.n, p.ic, p.ih, p.iw]);
      return {
        contender: asyncContender(name, async () => {
          await session.run({ x });
        }),
        output: async () => (await session.run({ x })).y.data,
        dispose: () => session.release(),
      };
    },
    dispose() {},
  };
}
