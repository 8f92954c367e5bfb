import { parseProblem } from "@leanconv/conv";
import type { NamedProblem } from "../src/index.ts";

/** Four layers of VGG-16, by their published sizes: few channels, large planes, the usual middle, deep and small. */
export const vggLayers: readonly NamedProblem[] = [
  { name: "conv1_1", problem: parseProblem("ic3ih224oc64kh3ph1+bias+relu") },
  { name: "conv1_2", problem: parseProblem("ic64ih224oc64kh3ph1+bias+relu") },
  { name: "conv3_2", problem: parseProblem("ic256ih56oc256kh3ph1+bias+relu") },
  { name: "conv5_3", problem: parseProblem("ic512ih14oc512kh3ph1+bias+relu") },
];
