import { convError } from "@leanconv/core";
import * as v from "valibot";
import type { MachineProfile } from "./machine-profile.ts";

const positive = v.pipe(v.number(), v.finite(), v.minValue(Number.MIN_VALUE));
const atLeastZero = v.pipe(v.number(), v.finite(), v.minValue(0));
const count = v.pipe(v.number(), v.integer(), v.minValue(1));
const text = v.pipe(v.string(), v.minLength(1));
const sizes = v.pipe(
  v.array(positive),
  v.minLength(1),
  v.check((at) => at.every((point, i) => i === 0 || point > at[i - 1]), "sizes that do not ascend"),
);

const curve = v.pipe(
  v.strictObject({ at: sizes, values: v.array(atLeastZero) }),
  v.check(({ at, values }) => at.length === values.length, "not one value per size"),
);
const grid = v.pipe(
  v.strictObject({ m: sizes, n: sizes, k: sizes, values: v.array(positive) }),
  v.check(({ m, n, k, values }) => values.length === m.length * n.length * k.length, "not one value per point"),
);

const functionTerms = v.strictObject({ outputSeconds: atLeastZero, valueSeconds: atLeastZero });
const layoutTerms = v.strictObject({
  rates: v.strictObject({ plain: grid, tap: grid, patch: grid, panels: grid }),
  tail: v.strictObject({ m: atLeastZero, n: atLeastZero }),
  lines: v.array(v.strictObject({ stride: count, elementSeconds: curve, rowSeconds: curve })),
  taps: v.strictObject({ elementSeconds: curve, rowSeconds: curve }),
  crossed: v.strictObject({ elementSeconds: atLeastZero, rowSeconds: atLeastZero }),
  updateSeconds: curve,
  finishSeconds: atLeastZero,
  lineByLine: v.pipe(v.number(), v.minValue(0), v.maxValue(1)),
  rowEndSeconds: curve,
  depthwise: v.pipe(v.array(v.strictObject({ stride: count, taps: count, macSeconds: curve })), v.minLength(1)),
});

const moves = v.strictObject({
  kind: v.picklist(["copy", "add", "fill", "activate", "transform"]),
  form: v.picklist([
    ...(["contiguous", "spaced", "gathered", "gathered-far", "scattered", "scattered-far"] as const),
    ...(["panels", "panels-spaced", "panels-deep", "tiles", "tiles-deep"] as const),
  ]),
  bytesPerSecond: curve,
});

const profileSchema: v.GenericSchema<unknown, MachineProfile> = v.strictObject({
  version: v.literal(1),
  machine: v.strictObject({ cpu: text, runtime: text }),
  provider: v.strictObject({ name: text, identity: text }),
  threads: v.strictObject({
    count,
    speedup: positive,
    barrierSeconds: atLeastZero,
  }),
  callSeconds: v.strictObject({ gemm: atLeastZero, move: atLeastZero }),
  nchw: layoutTerms,
  nhwc: layoutTerms,
  moves: v.pipe(v.array(moves), v.minLength(1)),
  far: curve,
  spill: curve,
  nodes: v.exactOptional(v.strictObject({ pool: functionTerms, norm: functionTerms })),
});

/**
 * Reads a profile from text or from parsed JSON.
 * @throws `argument.format`, which names the field
 */
export function parseProfile(source: unknown): MachineProfile {
  const where = "parseProfile";
  let data = source;
  if (typeof source === "string") {
    try {
      data = JSON.parse(source);
    } catch (cause) {
      throw convError("argument.format", { where, what: "the text is not JSON", cause });
    }
  }
  const result = v.safeParse(profileSchema, data);
  if (result.success) return result.output;
  const [issue] = result.issues;
  throw convError("argument.format", {
    where: `${where}: ${v.getDotPath(issue) ?? "profile"}`,
    what: issue.message,
    fix: "measure a new one with `leanconv calibrate`",
  });
}
