import { dirname, sep } from "node:path";
import type { Activation } from "@leanconv/gemm";
import { contender } from "../harness/contender.ts";
import { peerRequire, peerVersion } from "./install.ts";
import type { Peer } from "./peer.ts";

// As much of its API as is used here; its own types are not installed with the workspace.
interface Tensor {
  dataSync(): Float32Array;
  dispose(): void;
}

interface ConvArguments {
  readonly x: Tensor;
  readonly filter: Tensor;
  readonly strides: readonly [number, number];
  readonly dilations: readonly [number, number];
  readonly pad: readonly (readonly [number, number])[];
  readonly dataFormat: "NHWC";
  readonly bias: Tensor;
  readonly activation: "linear" | "relu" | "relu6";
}

interface TensorFlow {
  setBackend(name: string): Promise<boolean>;
  ready(): Promise<void>;
  tensor(values: Float32Array, shape: readonly number[]): Tensor;
  transpose(x: Tensor, order: readonly number[]): Tensor;
  readonly fused: { conv2d(options: ConvArguments): Tensor; depthwiseConv2d(options: ConvArguments): Tensor };
}

/** In Node its only form: SIMD, one thread, channels innermost. Its tensors stay in its own memory between calls. */
export async function openTfjsWasm(threads: number): Promise<Peer> {
  if (threads > 1) throw new Error("tfjs-wasm has no threads in Node; compare with --threads 1");
  const name = "tfjs-wasm";
  const backend = "@tensorflow/tfjs-backend-wasm";
  const tf = peerRequire("@tensorflow/tfjs-core") as TensorFlow;
  peerRequire("@tensorflow/tfjs-backend-cpu");
  peerRequire(backend).setWasmPaths(dirname(peerRequire.resolve(backend)) + sep);
  await tf.setBackend("wasm");
  await tf.ready();
  const turned = (values: Float32Array, shape: readonly number[], order: readonly number[]): Tensor => {
    const whole = tf.tensor(values, shape);
    const result = tf.transpose(whole, order);
    whole.dispose();
    return result;
  };
  return {
    ...{ name, version: peerVersion(backend) },
    async open(p, { input, filter, bias }) {
      const depthwise = p.groups > 1 && p.groups === p.ic && p.ic === p.oc;
      if (p.groups > 1 && !depthwise) throw new Error("tfjs-wasm has no groups; leave this network out");
      const options: ConvArguments = {
        x: turned(input, [p.n, p.ic, p.ih, p.iw], [0, 2, 3, 1]),
        // To [kh, kw, ic, oc], or of depthwise [kh, kw, channel, 1].
        filter: turned(filter, [p.oc, p.ic / p.groups, p.kh, p.kw], depthwise ? [2, 3, 0, 1] : [2, 3, 1, 0]),
        strides: [p.sh, p.sw],
        dilations: [p.dh, p.dw],
        ...{ pad: [...[[0, 0]], [p.pt, p.pb], [p.pl, p.pr], [0, 0]] as [number, number][], dataFormat: "NHWC" },
        bias: tf.tensor(p.bias ? bias : new Float32Array(p.oc), [p.oc]),
        activation: activationName(p.activation),
      };
      const compute = depthwise ? tf.fused.depthwiseConv2d : tf.fused.conv2d;
      return {
        contender: contender(name, () => compute(options).dispose()),
        async output() {
          const result = compute(options);
          const nchw = tf.transpose(result, [0, 3, 1, 2]);
          const values = Float32Array.from(nchw.dataSync());
          for (const tensor of [result, nchw]) tensor.dispose();
          return values;
        },
        async dispose() {
          for (const tensor of [options.x, options.filter, options.bias]) tensor.dispose();
        },
      };
    },
    dispose() {},
  };
}

function activationName(activation: Activation | undefined): ConvArguments["activation"] {
  const kind = activation?.kind ?? "linear";
  if (kind === "linear" || kind === "relu" || kind === "relu6") return kind;
  throw new Error(`the benchmarks ask tfjs for no ${kind}`);
}
