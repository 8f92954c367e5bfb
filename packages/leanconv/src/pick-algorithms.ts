import type { ConvAlgorithm } from "@leanconv/conv";
import { convError } from "@leanconv/core";

/**
 * The algorithms left when the caller insists on one, or on one form of it. Forms that do not exist show only when
 * variants are asked for: then nothing is left to choose from.
 * @throws `argument.name` for an unknown algorithm, or a form without an algorithm
 */
export function pickAlgorithms(
  algorithms: readonly ConvAlgorithm[],
  { algorithm, form }: { readonly algorithm?: string | undefined; readonly form?: string | undefined },
  where: string,
): readonly ConvAlgorithm[] {
  if (algorithm === undefined) {
    if (form === undefined) return algorithms;
    throw convError("argument.name", { where, what: "a form belongs to an algorithm", got: form, fix: "name both" });
  }
  const picked = algorithms.filter(({ name }) => name === algorithm);
  if (picked.length === 0) {
    const wanted = algorithms.map(({ name }) => name).join(", ");
    throw convError("argument.name", { where, what: "there is no such algorithm", got: algorithm, wanted });
  }
  return form === undefined ? picked : picked.map((one) => onlyForm(one, form, where));
}

/** The algorithm with the variants of one form. */
function onlyForm(algorithm: ConvAlgorithm, form: string, where: string): ConvAlgorithm {
  return {
    ...algorithm,
    variants(problem, context) {
      const all = algorithm.variants(problem, context);
      const left = all.filter(({ variant }) => variant.form === form);
      if (left.length > 0) return left;
      const wanted = [...new Set(all.map(({ variant }) => variant.form))].join(", ");
      throw convError("argument.name", { where, what: `${algorithm.name} has no such form`, got: form, wanted });
    },
  };
}
