import { convError } from "leanconv";
import { z } from "zod";

const pair = z.tuple([z.number(), z.number()]);

const tensor = z.object({ shape: z.array(z.number().int().nonnegative()), data: z.array(z.number()) });

/** Names as the sources of such files write them, and their parameters; a clamp without bounds does not bound. */
const activation = z.discriminatedUnion("name", [
  z.object({ name: z.enum(["relu", "relu6", "sigmoid", "tanh", "hardswish"]) }),
  z.object({ name: z.literal("leakyrelu"), alpha: z.number().optional() }),
  z.object({ name: z.literal("elu"), alpha: z.number().optional() }),
  z.object({ name: z.literal("hardsigmoid"), alpha: z.number().optional(), beta: z.number().optional() }),
  z.object({ name: z.literal("clamp"), min: z.number().optional(), max: z.number().optional() }),
  z.object({ name: z.literal("prelu"), alpha: z.union([z.number(), z.array(z.number())]) }),
]);

const numericCase = z.object({
  name: z.string(),
  input: tensor,
  filter: tensor,
  bias: tensor.optional(),
  options: z.object({
    inputLayout: z.enum(["nchw", "nhwc"]).default("nchw"),
    filterLayout: z.enum(["oihw", "hwio", "ohwi", "ihwo"]).default("oihw"),
    strides: pair.optional(),
    dilations: pair.optional(),
    padding: z.tuple([z.number(), z.number(), z.number(), z.number()]).optional(),
    groups: z.number().optional(),
    activation: activation.optional(),
    // Already resolved into `padding`.
    autoPad: z.string().optional(),
  }),
  expected: tensor,
  // How far an output may lie from the expected one, as a part of it; goes before --tolerance.
  tolerance: z.number().nonnegative().optional(),
});

const caseFile = z.object({ suite: z.string().default(""), cases: z.array(numericCase).min(1) });

/** One case: tensors, options and the expected output. */
export type NumericCase = z.infer<typeof numericCase>;
export type NumericActivation = z.infer<typeof activation>;
export type CaseFile = z.infer<typeof caseFile>;

/** Reads a file of numeric cases. @throws `argument.format` with the place of the first thing that is wrong */
export function parseCaseFile(text: string, file: string): CaseFile {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw convError("argument.format", { where: file, what: `not JSON: ${(cause as Error).message}`, cause });
  }
  const result = caseFile.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw convError("argument.format", { where: `${file}: ${issue.path.join(".") || "top level"}`, what: issue.message });
}
