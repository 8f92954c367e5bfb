import type { GraphBuilder } from "./builder.ts";

/** Fire modules: a squeeze, two expansions of it side by side (Iandola et al. 2016, figure 1), pools as in version 1.1. */
export function squeezenet11Graph(graph: GraphBuilder): void {
  const ceil = true;
  const fire = (module: number, input: string): string => {
    const squeezed = graph.conv(`fire${module}/squeeze1x1`, input);
    const expanded = ["1x1", "3x3"].map((size) => graph.conv(`fire${module}/expand${size}`, squeezed));
    return graph.concat(`fire${module}/concat`, expanded);
  };
  let tensor = graph.conv("conv1", graph.inputOf("conv1"));
  tensor = graph.pool("pool1", "max-pool", tensor, 3, 2, { ceil });
  tensor = graph.pool("pool3", "max-pool", fire(3, fire(2, tensor)), 3, 2, { ceil });
  tensor = graph.pool("pool5", "max-pool", fire(5, fire(4, tensor)), 3, 2, { ceil });
  tensor = graph.conv("conv10", fire(9, fire(8, fire(7, fire(6, tensor)))));
  graph.pool("pool10", "average-pool", tensor, graph.problem("conv10").oh, 1);
}
