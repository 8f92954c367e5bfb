import { type ConvProblem, parseProblem } from "@leanconv/conv";
import { placeSlots } from "@leanconv/core";
import { expect, test } from "vitest";
import { convData } from "./conv-data.ts";
import type { AlgorithmUnderTest } from "./conv-kit.ts";
import { acceptedOf, offersOf } from "./offers.ts";
import { runConv } from "./run-conv.ts";

/** Layers as networks have them, with prime sizes and images high enough for several strips. */
const ordinary: readonly string[] = [
  "ic3ih37iw23oc5kh3kw3pt1pb1pl1pr1",
  "ic4ih41iw19oc6kh5kw5pt2pb2pl2pr2",
  "ic2ih29iw31oc3kh3kw3sh2sw2pt1pb1pl1pr1",
  "n2ic4ih31iw17oc6kh3kw3pt1pb1pl1pr1g2",
  "ic3ih43iw29oc4kh7kw7sh2sw2pt3pb3pl3pr3",
  "ic5ih37iw13oc5kh3kw3pt1pb1pl1pr1g5",
  "ic3ih29iw23oc5kh3kw3",
];

/** What is declared is what is used: no slot is larger than the program needs, and their sum is the declaration. */
export function testWorkspace({ algorithm, refuses, partialSlots, provider, heap }: AlgorithmUnderTest): void {
  test.each(ordinary)("%s fills its slots to the last element", (text) => {
    const problem: ConvProblem = parseProblem(text);
    const data = convData(problem, 1, "reals");
    for (const { variant } of acceptedOf(offersOf(algorithm, problem), refuses, problem)) {
      const { needs, touched, violations } = runConv({
        ...{ algorithm, variant, provider: provider(), heap: heap(), data, last: 2 },
      });
      expect(violations, JSON.stringify(variant)).toEqual([]);
      const { alignBytes } = provider().capabilities;
      expect(needs.slotBytes).toBe(placeSlots(needs.slots, 1, alignBytes).bytes);
      for (const slot of needs.slots) {
        if (partialSlots?.(variant, slot.name)) continue;
        expect(touched[slot.name], `${slot.name} of ${JSON.stringify(variant)}`).toBe(slot.elements);
      }
    }
  });
}
