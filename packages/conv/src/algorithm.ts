import type { Refusal } from "@leanconv/core";
import type { GemmProvider, Program } from "@leanconv/gemm";
import type { ImageLayout, ImageStrides } from "@leanconv/tensor";
import type { ErrorClass } from "./error-class.ts";
import type { ConvProblem } from "./problem.ts";
import type { WeightOrder } from "./weights.ts";

/** One way an algorithm can compute a problem. Plain JSON: it stands in plans. */
export interface Variant {
  /** The algorithm's name for the way, such as "strip" or "window". */
  readonly form: string;
  /** Numbers that complete the form, such as `rows` of a strip. */
  readonly parameters: Readonly<Record<string, number>>;
  readonly inputLayout: ImageLayout;
  readonly outputLayout: ImageLayout;
}

/** A variant, with the reason where the algorithm refuses it. */
export interface Offer {
  readonly variant: Variant;
  readonly refusal?: Refusal;
}

/** What variants depend on besides the problem. */
export interface VariantContext {
  /** Default "nchw". */
  readonly inputLayout?: ImageLayout;
  /** Default: the input's. */
  readonly outputLayout?: ImageLayout;
  /** Default 1. */
  readonly threads?: number;
  /** Nobody else reads the input while the layer runs, so that it may be changed and put back. Default false. */
  readonly exclusiveInput?: boolean;
}

/** Element strides of the tensors where they are not the dense ones of their layout (crops, concatenations). */
export interface Views {
  readonly input?: ImageStrides;
  readonly output?: ImageStrides;
}

/** A program that computes a convolution. Its operands are input, output, weights, bias and slopes. */
export interface ConvProgram extends Program {
  readonly algorithm: string;
  readonly problem: ConvProblem;
  readonly variant: Variant;
  /** Identity of the provider it was made for. */
  readonly provider: string;
  readonly views: Required<Views>;
  /** How the filter's axes become the packed constant "weights". */
  readonly weights: WeightOrder;
}

/**
 * A convolution algorithm: a function from a problem to a program. It owns no memory and runs nothing; what it asks for
 * is a summary of the program (`requirements`), and what runs is the program (`bindConv2d`).
 */
export interface ConvAlgorithm {
  readonly name: string;
  /** How far its results may lie from the exact ones, whatever the variant. */
  readonly errorClass: ErrorClass;
  /** All variants of this problem, the refused ones with their reason. Pure, small. Never throws for a valid problem. */
  variants(problem: ConvProblem, context?: VariantContext): readonly Offer[];
  /**
   * The program of one variant. Pure; allocates the data of the program only.
   * @throws the refusal's code for a refused variant; `argument.name` for a form that does not exist;
   * `unsupported.strides` where `views` are not dense enough for the form.
   */
  program(problem: ConvProblem, variant: Variant, provider: GemmProvider, views?: Views): ConvProgram;
}
