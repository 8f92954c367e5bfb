import { convError, type Heap, type Region } from "@leanconv/core";
import type { Executable, GemmProvider } from "@leanconv/gemm";
import { assertView, type ImageStrides, type StridedView } from "@leanconv/tensor";
import type { ConvProgram } from "./algorithm.ts";
import { formatProblem } from "./problem-string.ts";
import { strideExtent } from "./strides.ts";
import { type PreparedWeights, weightsKey } from "./weights.ts";

/** Memory for one convolution. All of it lies in the heap that the weights were prepared in. */
export interface ConvBinding {
  /** Logical shape [n, ic, ih, iw], with the strides the program was made for. */
  readonly input: StridedView;
  /** Logical shape [n, oc, oh, ow]. */
  readonly output: StridedView;
  /** At least `workspaceBytes` of the requirements; its contents are arbitrary before and after. */
  readonly workspace?: Region;
  /** Nobody else reads the input while this runs; forms that punch holes into it need to be told so. */
  readonly exclusiveInput?: boolean;
  /** Threads to use, at most the provider's; default 1. */
  readonly threads?: number;
  /** Shares that every phase is divided into; default `threads`. The results do not depend on it. */
  readonly parts?: number;
}

/** A convolution with memory. `run` allocates nothing; `runAsync` does not block the caller. */
export interface BoundConv extends Executable {
  readonly program: ConvProgram;
}

/**
 * Checks tensors and workspace against a program and resolves every offset; allocates a few small objects.
 * @throws `argument.shape`, `argument.rank`, `argument.dtype`, `argument.strides`, `argument.range` (output over input), `argument.plan-mismatch` (another
 * provider), `argument.packed-for-other`, `unsupported.shared-input`, `resource.workspace-too-small`,
 * `resource.misaligned`, `state.wrong-memory`, `state.disposed`, `state.detached`
 */
export function bindConv2d(
  program: ConvProgram,
  provider: GemmProvider,
  weights: PreparedWeights,
  binding: ConvBinding,
): BoundConv {
  const { problem, views } = program;
  const where = `bindConv2d(${program.algorithm} ${program.variant.form}, ${formatProblem(problem)})`;
  if (program.provider !== provider.identity) {
    throw convError("argument.plan-mismatch", {
      where,
      what: "the program was made for another provider",
      got: provider.identity,
      wanted: program.provider,
      fix: "make the program again with this provider",
    });
  }
  if (weights.key !== weightsKey(program, provider)) {
    throw convError("argument.packed-for-other", {
      where,
      what: "the weights were packed for another provider, tile or form",
      fix: "prepare them again from this program",
    });
  }
  const { input, output, workspace, threads, parts } = binding;
  const { n, ic, ih, iw, oc, oh, ow } = problem;
  checkTensor(`${where}, input`, input, [n, ic, ih, iw], views.input);
  checkTensor(`${where}, output`, output, [n, oc, oh, ow], views.output);
  checkApart(where, input, strideExtent(views.input, n, ic, ih, iw), output, strideExtent(views.output, n, oc, oh, ow));
  if (program.operands.some((operand) => operand.access === "exclusive") && binding.exclusiveInput !== true) {
    throw convError("unsupported.shared-input", {
      where,
      what: "this form changes the input while it runs and puts it back",
      fix: "pass exclusiveInput: true if nobody else reads the input meanwhile, or choose another form",
    });
  }
  const heap: Heap = weights.weights.heap;
  const origin = { data: heap.float32, offset: 0 };
  const executable = provider.bind(program, {
    heap,
    operands: {
      input: { data: input.data, offset: input.offset },
      output: { data: output.data, offset: output.offset },
      weights: { data: weights.weights.float32, offset: 0 },
      bias: weights.bias ? { data: weights.bias.float32, offset: 0 } : origin,
      slopes: weights.slopes ? { data: weights.slopes.float32, offset: 0 } : origin,
    },
    ...(workspace && { workspace }),
    ...(threads !== undefined && { threads }),
    ...(parts !== undefined && { parts }),
  });
  return { program, run: () => executable.run(), runAsync: (options) => executable.runAsync(options) };
}

function checkTensor(where: string, view: StridedView, shape: readonly number[], strides: ImageStrides): void {
  if (view.shape.length === 4 && view.shape.some((size, axis) => size !== shape[axis])) {
    throw convError("argument.shape", {
      where,
      what: "the logical shape [n, c, h, w] differs from the problem's",
      got: view.shape,
      wanted: shape,
    });
  }
  const wanted = [strides.n, strides.c, strides.h, strides.w];
  // The stride of an axis of one element is never used.
  if (view.stride.some((stride, axis) => shape[axis] > 1 && stride !== wanted[axis])) {
    throw convError("argument.strides", {
      where,
      what: "the strides differ from those the program was made for",
      got: view.stride,
      wanted,
      fix: "make the program with `views`, or copy the tensor with reorder()",
    });
  }
  assertView(view, where, 4);
}

/** C overlaps neither A nor B: an output over its own input would be read half-written. */
function checkApart(
  where: string,
  input: StridedView,
  [inputLow, inputHigh]: readonly [number, number],
  output: StridedView,
  [outputLow, outputHigh]: readonly [number, number],
): void {
  if (input.data.buffer !== output.data.buffer) return;
  const inputAt = input.data.byteOffset / 4 + input.offset;
  const outputAt = output.data.byteOffset / 4 + output.offset;
  if (inputAt + inputLow < outputAt + outputHigh && outputAt + outputLow < inputAt + inputHigh) {
    throw convError("argument.range", { where, what: "the output overlaps the input", fix: "allocate it elsewhere" });
  }
}
