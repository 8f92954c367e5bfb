import type { ImageShape } from "@leanconv/conv";
import { type Activation, type KernelDescriptor, type Program, type Step, serial } from "@leanconv/gemm";
import { elementsOf } from "./strides.ts";

/**
 * The sum of dense tensors of one layout ("input0", "input1", ...) into "output", then the activation. `inPlace` is the
 * input whose memory the output is; without one the first input is copied. The kernels are the same either way, so that
 * their tables are. One input and an activation is the activation alone. Pure.
 */
export function sumProgram(
  shape: ImageShape,
  inputs: number,
  activation: Activation | undefined,
  inPlace: number | undefined,
): Program {
  const size = elementsOf(shape);
  const dense = { dtype: "float32", extents: [size] } as const;
  const kernels: KernelDescriptor[] = [
    { kind: "copy", ...dense, source: [1], target: { kind: "strided", strides: [1] } },
    ...(inputs > 1 ? [{ kind: "add", ...dense, source: [1], target: [1] } as const] : []),
    ...(activation ? [{ kind: "activate", ...dense, target: [1], activation } as const] : []),
  ];
  const target = { of: "output", at: 0 };
  const first = inPlace ?? 0;
  const source = (input: number) => ({ of: `input${input}`, at: 0 });
  const steps: Step[] = [];
  if (inPlace === undefined) steps.push({ kernel: 0, at: { source: source(0), target } });
  for (let input = 0; input < inputs; input++) {
    if (input !== first) steps.push({ kernel: 1, at: { source: source(input), target } });
  }
  if (activation) steps.push({ kernel: kernels.length - 1, at: { target } });
  return {
    operands: [
      ...Array.from({ length: inputs }, (_, input) => ({
        ...{ name: `input${input}`, access: "read" as const, extent: [0, size] as const },
      })),
      { name: "output", access: inPlace === undefined ? "write" : "read-write", extent: [0, size] },
    ],
    slots: [],
    kernels,
    // Every step is a phase: each changes what the next one reads.
    body: steps.map((step) => serial(step)),
  };
}
