import type { GraphBuilder } from "./builder.ts";

/** Caffe's order: normalisation before the pool (Krizhevsky et al. 2012, section 3.5, pools after normalising). */
export function alexnetGraph(graph: GraphBuilder): void {
  let tensor = graph.inputOf("conv1");
  for (const layer of ["1", "2"]) {
    tensor = graph.norm(`norm${layer}`, graph.conv(`conv${layer}`, tensor));
    tensor = graph.pool(`pool${layer}`, "max-pool", tensor, 3, 2);
  }
  graph.pool("pool5", "max-pool", graph.convs(["conv3", "conv4", "conv5"], tensor), 3, 2);
}
