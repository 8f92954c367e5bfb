import type { Clock } from "../harness/clock.ts";
import { asyncContender } from "../harness/contender.ts";
import { onnxChainModel } from "./onnx-chain-model.ts";
import { onnxConvModel } from "./onnx-conv-model.ts";
import type { Peer, PeerLayer } from "./peer.ts";

// As much of the API that all of its packages share as is used here; its own types are not installed with the workspace.
interface Tensor {
  readonly data: Float32Array;
}

interface Session {
  run(
    feeds: Readonly<Record<string, Tensor>>,
    fetches?: Readonly<Record<string, Tensor>>,
  ): Promise<Readonly<Record<string, Tensor>>>;
  release(): Promise<void>;
}

export interface OnnxRuntime {
  readonly env: { logLevel: string; readonly wasm: { numThreads: number; proxy: boolean } };
  readonly Tensor: new (type: "float32", data: Float32Array, shape: readonly number[]) => Tensor;
  readonly InferenceSession: { create(model: Uint8Array, options: object): Promise<Session> };
}

export interface OnnxPeerOptions {
  readonly name: string;
  readonly version: string;
  /** Of `InferenceSession.create`. */
  readonly session: object;
  /** Whether `run` takes an output to write into, which spares it the pages of a new one. */
  readonly ownOutput: boolean;
  /** Where it computes on other threads than the one that calls. */
  readonly clock?: Clock;
}

/** A peer over one of the packages of ONNX Runtime. */
export function onnxPeer(
  ort: OnnxRuntime,
  { name, version, session: options, ownOutput, clock }: OnnxPeerOptions,
): Peer {
  const open = async (
    model: Uint8Array,
    input: Float32Array,
    inputShape: readonly number[],
    outputShape: readonly number[],
  ): Promise<PeerLayer> => {
    const session = await ort.InferenceSession.create(model, options);
    const feeds = { x: new ort.Tensor("float32", input, inputShape) };
    const size = outputShape.reduce((product, extent) => product * extent, 1);
    const fetches = ownOutput ? { y: new ort.Tensor("float32", new Float32Array(size), outputShape) } : undefined;
    const run = fetches === undefined ? () => session.run(feeds) : () => session.run(feeds, fetches);
    return {
      contender: asyncContender(
        name,
        async () => {
          await run();
        },
        clock,
      ),
      output: async () => (await run()).y.data,
      dispose: () => session.release(),
    };
  };
  return {
    ...{ name, version },
    open: (p, values) => open(onnxConvModel(p, values), values.input, [p.n, p.ic, p.ih, p.iw], [p.n, p.oc, p.oh, p.ow]),
    openChain: (layers, input) => {
      const [first, last] = [layers[0].problem, layers[layers.length - 1].problem];
      const outputShape = [last.n, last.oc, last.oh, last.ow];
      return open(onnxChainModel(layers), input, [first.n, first.ic, first.ih, first.iw], outputShape);
    },
    dispose() {},
  };
}
