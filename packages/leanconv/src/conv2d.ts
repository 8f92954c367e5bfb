import { allAlgorithms } from "@leanconv/algorithms";
import { type Accuracy, describeFromShapes, type WindowOptions } from "@leanconv/conv";
import type { GemmProvider } from "@leanconv/gemm";
import { wasmGemm } from "@leanconv/gemm-wasm";
import { planLayers } from "@leanconv/planner";
import { type FilterLayout, type ImageLayout, imageView, physicalShape, reorder } from "@leanconv/tensor";
import { checkCall } from "./check-call.ts";
import { type OpenLayer, openLayer } from "./layer-runner.ts";
import { pickAlgorithms } from "./pick-algorithms.ts";
import { headOf, type TensorLike, type VectorLike, valuesOf, vectorHead, viewOf } from "./tensor-like.ts";

/** WebNN's options, and where and how to compute. */
export interface Conv2dCallOptions extends WindowOptions {
  /** Order of the input's axes, and of the output's; default "nchw". */
  readonly inputLayout?: ImageLayout | undefined;
  /** Order of the filter's axes, i being the input channels of one group; default "oihw". */
  readonly filterLayout?: FilterLayout | undefined;
  /** `[oc]`. */
  readonly bias?: VectorLike | undefined;
  /** With the activation prelu: one value, or `[oc]`. */
  readonly slopes?: VectorLike | undefined;
  /** Default: a WebAssembly provider of its own, closed afterwards. Where WebAssembly is forbidden give `jsGemm()`. */
  readonly provider?: GemmProvider | undefined;
  /** The most workspace to use besides the tensors and the packed filter; default: no limit. */
  readonly workspaceBytes?: number | undefined;
  /** Only this algorithm, by name. */
  readonly algorithm?: string | undefined;
  /** What transforms may be chosen, as in `planLayers`; default "standard", or what the named algorithm needs. */
  readonly accuracy?: Accuracy | undefined;
  /** Only this form of it. */
  readonly form?: string | undefined;
  /** Default 1; of the given provider, or else as many of these as can be had. */
  readonly threads?: number | undefined;
}

/** A dense tensor in fresh memory, axes in the order of the input's layout. */
export interface DenseTensor {
  readonly data: Float32Array;
  readonly shape: readonly number[];
  readonly stride: readonly number[];
  readonly offset: number;
}

/**
 * One convolution from arrays to an array: checks, plans, computes in one heap of exactly the bytes that takes, and
 * gives the output back in memory of its own. Reads the tensors only. For a layer that runs more than once, plan it
 * and open it with `openLayer`.
 *
 * Allocates the heap (packed filter, a copy of the input, the output, the workspace) and the result.
 * @throws the codes of `describeFromShapes` before anything is allocated; `argument.shape` where data and shape
 * disagree; `argument.name` for unknown options, algorithms and forms; `resource.over-budget`; without a
 * provider of the caller's, the codes of `wasmGemm`
 */
export async function conv2d(
  input: TensorLike,
  filter: TensorLike,
  options: Conv2dCallOptions = {},
): Promise<DenseTensor> {
  const where = "conv2d";
  checkCall(options, where);
  const { provider: given, workspaceBytes, algorithm, form, accuracy, ...rest } = options;
  const { threads: wanted = 1, bias, slopes, ...described } = rest;
  const problem = describeFromShapes(
    headOf(input, `${where}: input`),
    headOf(filter, `${where}: filter`),
    {
      ...described,
      ...(bias !== undefined && { bias: vectorHead(bias, `${where}: bias`) }),
      ...(slopes !== undefined && { slopes: vectorHead(slopes, `${where}: slopes`) }),
    },
    where,
  );
  const { inputLayout: layout = "nchw", filterLayout = "oihw" } = described;
  const inputTensor = viewOf(input, layout, `${where}: input`);
  const constants = {
    filter: viewOf(filter, filterLayout, `${where}: filter`),
    ...(bias !== undefined && { bias: valuesOf(bias, `${where}: bias`) }),
    ...(slopes !== undefined && { slopes: valuesOf(slopes, `${where}: slopes`) }),
  };
  const algorithms = pickAlgorithms(allAlgorithms, { algorithm, form }, where);

  const provider = given ?? (await wasmGemm({ threads: wanted }));
  // A provider of its own has as many threads as can be had here.
  const threads = given ? wanted : provider.capabilities.threads;
  let layer: OpenLayer | undefined;
  try {
    const budget = workspaceBytes === undefined ? {} : { workspaceBytes };
    // The input is copied into the heap, where nobody else can read it.
    const demand = accuracy ?? (algorithm === undefined ? undefined : algorithms[0].errorClass.accuracy);
    const named = demand && { accuracy: demand };
    const planning = { algorithms, provider, budget, layout, threads, exclusiveInputs: true, ...named };
    const plan = planLayers([{ name: where, problem }], planning);
    layer = await openLayer(plan.layers[0], { provider, algorithms, threads, ...constants });
    reorder(inputTensor, layer.input);
    layer.run();
    const logical = layer.output.shape;
    const data = new Float32Array(logical.reduce((product, extent) => product * extent, 1));
    reorder(layer.output, imageView(data, logical, layout));
    const shape = physicalShape(logical, layout);
    const stride = [shape[1] * shape[2] * shape[3], shape[2] * shape[3], shape[3], 1];
    return { data, shape, stride, offset: 0 };
  } finally {
    layer?.dispose();
    if (given === undefined) provider.dispose();
  }
}
