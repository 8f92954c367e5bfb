import type { ConvProblem } from "leanconv";
import type { Contender } from "../harness/contender.ts";
import type { LayerValues } from "../layer-values.ts";
import type { ChainLayer } from "./onnx-chain-model.ts";

/** A library that others use for the same work. */
export interface Peer {
  readonly name: string;
  readonly version: string;
  /** Makes a layer ready to run, by whatever the library wants done beforehand. */
  open(problem: ConvProblem, values: LayerValues): Promise<PeerLayer>;
  /** Makes layers ready to run one after the other, with max pools between them where sizes differ; absent if it cannot. */
  openChain?(layers: readonly ChainLayer[], input: Float32Array): Promise<PeerLayer>;
  dispose(): void;
}

export interface PeerLayer {
  /** One call computes the layer once, as the library's user would call it. */
  readonly contender: Contender;
  /** Computes the layer and returns it dense, in the order of nchw. */
  output(): Promise<Float32Array>;
  dispose(): Promise<void>;
}
