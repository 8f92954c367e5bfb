import type { CheckedGraph } from "@leanconv/conv";
import type { Program } from "@leanconv/gemm";
import { concatPart } from "./concat-part.ts";
import { copyProgram } from "./copy-program.ts";
import { layouts, sameInBoth } from "./strides.ts";
import { sumProgram } from "./sum-program.ts";

/**
 * Every different program besides those of convolutions that some plan of a graph may run: copies between layouts and
 * into concatenations, sums, activations. Pure; allocates the programs.
 */
export function graphPrograms(graph: CheckedGraph): readonly Program[] {
  const programs = new Map<string, Program>();
  const add = (program: Program): void => void programs.set(JSON.stringify(program), program);
  graph.nodes.forEach((node, place) => {
    if (node.kind === "add" || node.kind === "activation") {
      add(sumProgram(graph.shapes[place], node.inputs.length, node.activation, 0));
    }
    const concat = concatPart(node, place, graph);
    graph.inputs[place].forEach((from, input) => {
      const shape = graph.shapes[from];
      for (const source of layouts) {
        for (const target of layouts) {
          if (concat) add(copyProgram(shape, source, target, concat(input)));
          else if (source !== target && !sameInBoth(shape)) add(copyProgram(shape, source, target));
        }
      }
    });
  });
  return [...programs.values()];
}
