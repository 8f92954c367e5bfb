/**
 * Every code an error or a refusal can carry, with what it means. The set is closed; algorithms and providers of other
 * people refuse with the same codes, so some stand here that no package of this project uses yet.
 *
 * `argument.*`: the caller is wrong, always (also a `TypeError`, as in WebNN). `unsupported.*`: legal, but not by this
 * algorithm or provider. `resource.*`: not enough of something. `state.*`: the right call at the wrong time or place.
 * `provider.*`: the world below failed. `internal.*`: our bug.
 */
export const errorCodes = {
  "argument.shape": "a tensor has the wrong shape, or data and shape disagree",
  "argument.rank": "a tensor has the wrong number of axes",
  "argument.dtype": "an element type that is not allowed here",
  "argument.layout": "an unknown layout name",
  "argument.strides":
    "window strides that are not two integers of at least 1, or tensor strides other than the planned",
  "argument.dilations": "dilations that are not two integers of at least 1",
  "argument.padding": "padding that is not four non-negative integers in the order top, bottom, left, right",
  "argument.groups": "groups below 1, or channels that the groups do not divide",
  "argument.bias": "a bias that is missing, not asked for, or not of one value per output channel",
  "argument.activation": "an unknown activation, or a parameter of it that is out of range",
  "argument.slopes": "PReLU slopes that are missing, not asked for, or not of one value per output channel",
  "argument.kernel-exceeds-input": "the dilated kernel does not fit the padded input: an output smaller than 1",
  "argument.overflow": "a size whose arithmetic leaves the exact integers (2^53)",
  "argument.range": "a number outside its range",
  "argument.name": "a name that is not known here",
  "argument.format": "text or JSON that is not in the expected form",
  "argument.descriptor": "a kernel descriptor or program that contradicts itself",
  "argument.module": "a WebAssembly module that is none of ours, or of another version",
  "argument.packed-for-other": "weights packed for another provider, tile or program",
  "argument.plan-mismatch": "a plan made for another provider, version or problem",
  "argument.profile-mismatch": "a machine profile of another provider, variant, tile or number of threads",
  "unsupported.strides": "this form needs another window stride or denser tensor strides",
  "unsupported.dilation": "this form needs a dilation of 1",
  "unsupported.padding": "this form needs another padding, for instance an output as wide as the input",
  "unsupported.groups": "this form needs one group",
  "unsupported.layout": "this algorithm needs the other layout",
  "unsupported.kernel": "this form needs another kernel size",
  "unsupported.size": "this form needs other sizes of images or numbers of channels",
  "unsupported.shared-input": "this form writes into its input, which the caller has not declared exclusive",
  "unsupported.threads": "this form cannot be dealt to several threads",
  "unsupported.operand": "this provider does not take this operand or mover",
  "unsupported.accuracy": "this algorithm is less accurate than the caller asked for",
  "unsupported.excluded": "the caller's options leave this out",
  "unsupported.platform": "this provider does not exist on this platform",
  "resource.workspace-limit": "more workspace than the caller allows",
  "resource.workspace-too-small": "the workspace given is smaller than the program declares",
  "resource.misaligned": "memory that does not start at the alignment the provider declares",
  "resource.over-budget": "nothing fits the budget; the details name the smallest one that would",
  "resource.out-of-memory": "a heap has fewer bytes left than were asked for",
  "state.disposed": "an object that was disposed",
  "state.detached": "memory whose buffer was detached",
  "state.wrong-memory": "memory of another heap or provider",
  "state.busy": "an object that is running",
  "provider.load-failed": "a provider cannot be opened here",
  "provider.failed": "a provider failed while computing",
  "internal.invariant": "a bug of this project: please report it with the message",
} as const;

export type ErrorCode = keyof typeof errorCodes;

/** The parts of a message: where, what is wrong, what was got and wanted, and what to do about it. */
export interface ErrorParts {
  /** The function, layer or field, for instance `conv2d` or `layer conv1`. */
  readonly where: string;
  readonly what: string;
  readonly got?: unknown;
  readonly wanted?: unknown;
  /** What the reader can do, as an instruction. */
  readonly fix?: string;
  /** Values to decide by in code, such as the smallest feasible budget. */
  readonly details?: Readonly<Record<string, unknown>>;
  readonly cause?: unknown;
}

/** An error of this project. Decide by `code`; recognise it with `isConvError`, which survives two copies of this package. */
export interface ConvError extends Error {
  readonly code: ErrorCode;
  readonly details: Readonly<Record<string, unknown>>;
}

const brand = Symbol.for("@leanconv/error");

class PlainConvError extends Error implements ConvError {
  override readonly name = "ConvError";
  readonly code: ErrorCode;
  readonly details: Readonly<Record<string, unknown>>;
  readonly [brand] = true;
  constructor(code: ErrorCode, parts: ErrorParts) {
    super(formatError(code, parts), parts.cause === undefined ? undefined : { cause: parts.cause });
    this.code = code;
    this.details = parts.details ?? {};
  }
}

/** `argument.*` errors are also `TypeError`s, as WebNN throws them. */
class ArgumentConvError extends TypeError implements ConvError {
  override readonly name = "ConvError";
  readonly code: ErrorCode;
  readonly details: Readonly<Record<string, unknown>>;
  readonly [brand] = true;
  constructor(code: ErrorCode, parts: ErrorParts) {
    super(formatError(code, parts), parts.cause === undefined ? undefined : { cause: parts.cause });
    this.code = code;
    this.details = parts.details ?? {};
  }
}

/** Makes the error for `code`; the caller throws it. */
export function convError(code: ErrorCode, parts: ErrorParts): ConvError {
  return code.startsWith("argument.") ? new ArgumentConvError(code, parts) : new PlainConvError(code, parts);
}

/** Whether `value` is an error of this project, by brand rather than by class. */
export function isConvError(value: unknown): value is ConvError {
  return typeof value === "object" && value !== null && (value as Record<symbol, unknown>)[brand] === true;
}

/**
 * The same error said of something larger, such as the file or the plan that a wrong problem stands in: its code and
 * details, and its message behind `where`. What is no error of this project comes back as it is.
 */
export function errorWithin(where: string, cause: unknown): unknown {
  if (!isConvError(cause)) return cause;
  const { code, details, message } = cause;
  const ending = ` [${code}]`;
  const what = message.endsWith(ending) ? message.slice(0, -ending.length) : message;
  return convError(code, { where, what, details, cause });
}

function formatError(code: ErrorCode, { where, what, got, wanted, fix }: ErrorParts): string {
  let message = `${where}: ${what}`;
  if (got !== undefined) message += `; got ${show(got)}`;
  if (wanted !== undefined) message += `${got === undefined ? ";" : ","} wanted ${show(wanted)}`;
  if (fix !== undefined) message += `; ${fix}`;
  return `${message} [${code}]`;
}

function show(value: unknown): string {
  if (typeof value === "string") return value;
  if (Array.isArray(value)) return `[${value.map(show).join(", ")}]`;
  if (typeof value === "object" && value !== null) return JSON.stringify(value);
  return String(value);
}
