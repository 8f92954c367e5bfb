import { convError } from "@leanconv/core";
import { type Activation, activationKinds, normaliseActivation } from "@leanconv/gemm";
import { type ConvProblem, makeProblem } from "./problem.ts";

/** The letters as they are printed: pairs stand together, padding is single. */
const printedPairs = [
  ["ih", "iw"],
  ["kh", "kw"],
  ["sh", "sw"],
  ["dh", "dw"],
] as const;
/** What every problem string says; the rest has defaults. */
const least = "at least ic, ih, oc and kh, such as ic3ih8oc4kh3";
const sizeLetters = ["n", "ic", "ih", "iw", "oc", "kh", "kw", "g"];
const letters = [...sizeLetters, "sh", "sw", "dh", "dw", "pt", "pb", "pl", "pr", "ph", "pw"];
const parameterNames = ["min", "max", "alpha", "beta"] as const;

/**
 * The problem as one canonical line in the spirit of benchdnn, for test names, tables and bug reports, such as
 * `ic64ih56iw56oc64kh3kw3pt1pb1pl1pr1+bias+relu`. What is at its default is left out (n1, strides and dilations of 1, no
 * padding, g1); `parseProblem` gives back the same problem. Allocates the string.
 */
export function formatProblem(p: ConvProblem): string {
  const [input, kernel, strides, dilations] = printedPairs.map(([h, w]) => `${h}${p[h]}${w}${p[w]}`);
  let line = p.n === 1 ? "" : `n${p.n}`;
  line += `ic${p.ic}${input}oc${p.oc}${kernel}`;
  if (p.sh !== 1 || p.sw !== 1) line += strides;
  if (p.dh !== 1 || p.dw !== 1) line += dilations;
  for (const side of ["pt", "pb", "pl", "pr"] as const) {
    if (p[side] !== 0) line += `${side}${p[side]}`;
  }
  if (p.groups !== 1) line += `g${p.groups}`;
  if (p.bias) line += "+bias";
  return p.activation === undefined ? line : `${line}+${formatActivation(p.activation)}`;
}

function formatActivation(activation: Activation): string {
  const parameters = activation as Partial<Record<(typeof parameterNames)[number], number>>;
  const parts = parameterNames.flatMap((name) => {
    const value = parameters[name];
    return value === undefined ? [] : [`${name}=${Object.is(value, -0) ? "-0" : value}`];
  });
  return parts.length === 0 ? activation.kind : `${activation.kind}(${parts.join(",")})`;
}

/**
 * Reads a problem string, with its letters in any order. Short forms: of `ih`, `kh`, `sh` or `dh` alone the width is the
 * same; `ph` stands for top and bottom, `pw` for left and right, and is `ph` where absent. Allocates the problem.
 * @throws `argument.format` with the position of what cannot be read; the codes of `describeConv2d` for what it means.
 */
export function parseProblem(text: string): ConvProblem {
  if (typeof text !== "string") {
    throw convError("argument.format", { where: "problem string", what: "not a string", got: typeof text });
  }
  const suffixes = text.indexOf("+");
  const end = suffixes < 0 ? text.length : suffixes;
  const given = readLetters(text, end);
  const square = (h: string, w: string, fallback: number): [number, number] => {
    const height = given.get(h) ?? fallback;
    return [height, given.get(w) ?? (given.has(h) ? height : fallback)];
  };
  const [ih, iw] = square("ih", "iw", Number.NaN);
  const [kh, kw] = square("kh", "kw", Number.NaN);
  const [sh, sw] = square("sh", "sw", 1);
  const [dh, dw] = square("dh", "dw", 1);
  const [ph, pw] = square("ph", "pw", 0);
  const [n, groups] = [given.get("n") ?? 1, given.get("g") ?? 1];
  const sizes = { n, ic: given.get("ic") ?? Number.NaN, ih, iw, oc: given.get("oc") ?? Number.NaN, kh, kw };
  for (const [letter, size] of Object.entries(sizes)) {
    if (Number.isNaN(size)) throw malformed(text, end, `there is no ${letter}`, least);
  }
  return makeProblem(
    {
      ...sizes,
      ...{ sh, sw, dh, dw, groups },
      ...{ pt: given.get("pt") ?? ph, pb: given.get("pb") ?? ph, pl: given.get("pl") ?? pw, pr: given.get("pr") ?? pw },
      ...readSuffixes(text, end),
    },
    `problem ${text}`,
  );
}

/** Reads pairs of letters and digits up to `end`. */
function readLetters(text: string, end: number): Map<string, number> {
  const given = new Map<string, number>();
  const pair = /([a-z]+)([0-9]+)/y;
  for (let at = 0; at < end; at = pair.lastIndex) {
    pair.lastIndex = at;
    const match = pair.exec(text);
    if (match === null) throw malformed(text, at, "cannot read on", "letters and digits such as ic64");
    const [, letter, digits] = match;
    if (!letters.includes(letter)) throw malformed(text, at, `unknown letters "${letter}"`, letters.join(", "));
    if (given.has(letter)) throw malformed(text, at, `${letter} stands here twice`, "every size once");
    for (const side of clashes(letter)) {
      if (given.has(side)) throw malformed(text, at, `${letter} and ${side} contradict each other`, "one of them");
    }
    given.set(letter, Number(digits));
  }
  return given;
}

/** `ph` and `pw` stand for sides that must then not be given themselves. */
function clashes(letter: string): readonly string[] {
  if (letter === "ph" || letter === "pw") return ["pt", "pb", "pl", "pr"];
  return /^p[tblr]$/.test(letter) ? ["ph", "pw"] : [];
}

/** Reads `+bias` and `+activation(name=number,...)`, each at most once. */
function readSuffixes(text: string, start: number): { bias: boolean; activation?: Activation } {
  let bias = false;
  let activation: Activation | undefined;
  const suffix = /\+([a-z0-9-]*)(?:\(([^()]*)\))?/y;
  for (let at = start; at < text.length; at = suffix.lastIndex) {
    suffix.lastIndex = at;
    const match = suffix.exec(text);
    if (match === null) throw malformed(text, at, "cannot read on", "+bias or +activation");
    const [, name, parameters] = match;
    if (name === "bias" && parameters === undefined && !bias) {
      bias = true;
    } else if (name !== "bias" && activation === undefined) {
      activation = readActivation(text, at, name, parameters);
    } else {
      throw malformed(text, at, `+${name} stands here twice or has parameters`, "one +bias and one activation");
    }
  }
  return { bias, ...(activation !== undefined && { activation }) };
}

function readActivation(text: string, at: number, name: string, parameters: string | undefined): Activation {
  const kind = activationKinds.find((known) => known === name);
  if (kind === undefined) throw malformed(text, at, `unknown suffix "+${name}"`, `bias, ${activationKinds.join(", ")}`);
  const options: Record<string, number> = {};
  let position = at + 1 + name.length + 1;
  for (const part of parameters === undefined || parameters === "" ? [] : parameters.split(",")) {
    const [, parameter, digits] =
      /^([a-z]+)=([-+]?(?:Infinity|[0-9]+(?:\.[0-9]+)?(?:e[-+]?[0-9]+)?))$/.exec(part) ?? [];
    if (parameter === undefined) throw malformed(text, position, `cannot read "${part}"`, "name=number");
    if (Object.hasOwn(options, parameter))
      throw malformed(text, position, `${parameter} stands here twice`, "every parameter once");
    options[parameter] = Number(digits);
    position += part.length + 1;
  }
  const activation = normaliseActivation({ ...options, kind }, `problem ${text}`) as Activation;
  const unknown = Object.keys(options).find((parameter) => !takes(kind, parameter));
  if (unknown !== undefined) throw malformed(text, at, `${kind} has no parameter ${unknown}`, "its own parameters");
  return activation;
}

function takes(kind: Activation["kind"], parameter: string): boolean {
  if (kind === "clip") return parameter === "min" || parameter === "max";
  if (kind === "hard-sigmoid") return parameter === "alpha" || parameter === "beta";
  return (kind === "leaky-relu" || kind === "elu") && parameter === "alpha";
}

function malformed(text: string, position: number, what: string, wanted: string): Error {
  return convError("argument.format", {
    where: `problem string, character ${position}`,
    what,
    got: JSON.stringify(text),
    wanted,
    details: { position },
  });
}
