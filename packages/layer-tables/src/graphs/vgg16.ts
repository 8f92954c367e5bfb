import type { GraphBuilder } from "./builder.ts";

/** Five blocks of convolutions, a pool behind each (Simonyan and Zisserman 2014, table 1, column D). */
export function vgg16Graph(graph: GraphBuilder): void {
  let tensor = graph.inputOf("conv1_1");
  for (const [block, layers] of [2, 2, 3, 3, 3].entries()) {
    const names = Array.from({ length: layers }, (_, layer) => `conv${block + 1}_${layer + 1}`);
    tensor = graph.pool(`pool${block + 1}`, "max-pool", graph.convs(names, tensor), 2, 2);
  }
}
