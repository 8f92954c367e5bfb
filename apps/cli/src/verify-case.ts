import {
  type ConvAlgorithm,
  convError,
  directConv2d,
  directSums,
  type ErrorClass,
  type ErrorCode,
  type GemmProvider,
  imageView,
  isConvError,
  openLayer,
  reorder,
  type StridedView,
  type Variant,
} from "leanconv";
import { type CaseTensors, caseTensors } from "./case-problem.ts";
import { compareCase, type Expectation, expectations } from "./compare-case.ts";
import type { NumericCase } from "./numeric-case.ts";

/** One case, by one form of one algorithm. */
export interface VerifyRow {
  readonly file: string;
  readonly case: string;
  readonly algorithm: string;
  readonly form: string;
  readonly parameters: Readonly<Record<string, number>>;
  readonly provider: string;
  readonly status: "ok" | "fail" | "refused";
  /** Null where nothing was computed. */
  readonly maxAbsError: number | null;
  /** Of the refusal, or of the error where a run failed. */
  readonly code: ErrorCode | null;
}

type Outcome = Pick<VerifyRow, "status" | "maxAbsError" | "code">;

export interface VerifyContext {
  readonly file: string;
  readonly provider: GemmProvider;
  readonly algorithms: readonly ConvAlgorithm[];
  /** Of the value, for cases that do not say it themselves. */
  readonly tolerance: number;
  /** Also the oracle of the tests, which needs no provider. */
  readonly direct: boolean;
}

/** A form that refused a case, whether or not another form of its algorithm took it. */
export interface RefusedForm {
  readonly algorithm: string;
  readonly form: string;
  readonly code: ErrorCode;
}

export interface VerifiedCase {
  readonly rows: readonly VerifyRow[];
  readonly refusedForms: readonly RefusedForm[];
  /** Why nothing was computed, where the case contradicts itself. */
  readonly problem?: string;
}

/**
 * Computes one case by every form of every algorithm. A form that refuses leaves no row as long as another form of its
 * algorithm accepts; an algorithm that refuses altogether leaves one row with its first code. A case that contradicts
 * itself leaves one row, failed, of no algorithm.
 */
export async function verifyCase(one: NumericCase, context: VerifyContext): Promise<VerifiedCase> {
  try {
    const tensors = caseTensors(one);
    checkExpected(one, tensors);
    return await verifyTensors(one, tensors, context);
  } catch (error) {
    if (!isConvError(error)) throw error;
    const nothing = { algorithm: "none", form: "none", parameters: {}, provider: "none" };
    const outcome = { status: "fail", maxAbsError: null, code: error.code } as const;
    return {
      rows: [{ file: context.file, case: one.name, ...nothing, ...outcome }],
      refusedForms: [],
      problem: error.message,
    };
  }
}

async function verifyTensors(one: NumericCase, tensors: CaseTensors, context: VerifyContext): Promise<VerifiedCase> {
  const { file, provider, algorithms, direct } = context;
  const expectedOf = (errors: ErrorClass): readonly Expectation[] =>
    expectations(tensors, one.tolerance ?? context.tolerance, errors);
  const exact = expectedOf(directSums);
  const rows: VerifyRow[] = [];
  const refusedForms: RefusedForm[] = [];
  const add = (algorithm: string, form: string, variant: Partial<Variant>, name: string, outcome: Outcome): void => {
    rows.push({
      file,
      case: one.name,
      algorithm,
      form,
      parameters: variant.parameters ?? {},
      provider: name,
      ...outcome,
    });
  };
  for (const algorithm of algorithms) {
    const layouts = { inputLayout: one.options.inputLayout, outputLayout: one.options.inputLayout };
    const offers = algorithm.variants(tensors.problem, { ...layouts, exclusiveInput: true });
    const expected = algorithm.errorClass === directSums ? exact : expectedOf(algorithm.errorClass);
    const outcomes: { readonly variant: Variant; readonly outcome: Outcome }[] = [];
    for (const { variant, refusal } of offers) {
      const outcome = refusal
        ? refused(refusal.code)
        : await runVariant(algorithm, variant, tensors, expected, provider);
      outcomes.push({ variant, outcome });
      const { status, code } = outcome;
      if (status === "refused" && code) refusedForms.push({ algorithm: algorithm.name, form: variant.form, code });
    }
    const accepted = outcomes.filter(({ outcome }) => outcome.status !== "refused");
    for (const { variant, outcome } of accepted.length > 0 ? accepted : outcomes.slice(0, 1)) {
      add(algorithm.name, variant.form, variant, provider.name, outcome);
    }
  }
  if (direct) add("direct", "loops", {}, "none", runDirect(tensors, exact, one.options.inputLayout));
  return { rows, refusedForms };
}

async function runVariant(
  algorithm: ConvAlgorithm,
  variant: Variant,
  { problem, input, ...constants }: CaseTensors,
  expected: readonly Expectation[],
  provider: GemmProvider,
): Promise<Outcome> {
  try {
    const choice = { problem, chosen: { algorithm: algorithm.name, variant } };
    const { filter, bias, slopes } = constants;
    const given = { filter, ...(bias && { bias }), ...(slopes && { slopes }) };
    const layer = await openLayer(choice, { provider, algorithms: [algorithm], ...given });
    try {
      reorder(input, layer.input);
      // What was there before must not matter.
      layer.output.data.fill(Number.NaN);
      layer.run();
      return judged(layer.output, expected);
    } finally {
      layer.dispose();
    }
  } catch (error) {
    if (!isConvError(error)) throw error;
    return error.code.startsWith("unsupported.") ? refused(error.code) : { ...refused(error.code), status: "fail" };
  }
}

function runDirect(tensors: CaseTensors, expected: readonly Expectation[], layout: "nchw" | "nhwc"): Outcome {
  const { n, oc, oh, ow } = tensors.problem;
  const output = imageView(new Float32Array(n * oc * oh * ow), [n, oc, oh, ow], layout);
  directConv2d(tensors.problem, { ...tensors, output });
  return judged(output, expected);
}

function judged(output: StridedView, expected: readonly Expectation[]): Outcome {
  const { good, maxAbsError } = compareCase(output, expected);
  return { status: good ? "ok" : "fail", maxAbsError, code: null };
}

function refused(code: ErrorCode): Outcome {
  return { status: "refused", maxAbsError: null, code };
}

/** @throws `argument.shape` */
function checkExpected({ name, expected }: NumericCase, { problem, expected: view }: CaseTensors): void {
  const wanted = [problem.n, problem.oc, problem.oh, problem.ow];
  const size = wanted.reduce((product, extent) => product * extent, 1);
  if (view.shape.every((extent, axis) => extent === wanted[axis]) && expected.data.length === size) return;
  const where = `case "${name}": expected`;
  throw convError("argument.shape", { where, what: "another shape or size", got: expected.shape, wanted });
}
