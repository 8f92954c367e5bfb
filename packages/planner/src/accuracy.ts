import {
  type Accuracy,
  accuracies,
  type ConvAlgorithm,
  type ConvProblem,
  isAccurate,
  type Offer,
  type VariantContext,
} from "@leanconv/conv";
import { convError } from "@leanconv/core";

/** Transforms that are as accurate as direct sums are taken, others are not. */
export const defaultAccuracy: Accuracy = "standard";

/** What an algorithm offers for a demand of accuracy: below it everything is refused, whatever the algorithm would do. */
export function accurateOffers(
  algorithm: ConvAlgorithm,
  problem: ConvProblem,
  context: VariantContext,
  demand: Accuracy = defaultAccuracy,
): readonly Offer[] {
  const offers = algorithm.variants(problem, context);
  const { errorClass } = algorithm;
  if (isAccurate(errorClass, demand)) return offers;
  const reason = `errors of class ${errorClass.name} need accuracy "${errorClass.accuracy}", not "${demand}"`;
  return offers.map(({ variant, refusal }) => ({
    variant,
    refusal: refusal ?? { code: "unsupported.accuracy", reason },
  }));
}

/** @throws `argument.name` */
export function checkAccuracy(accuracy: unknown, where: string): asserts accuracy is Accuracy {
  if (accuracies.some((one) => one === accuracy)) return;
  const wanted = accuracies.join(", ");
  throw convError("argument.name", { where, what: "there is no such accuracy", got: accuracy, wanted });
}
