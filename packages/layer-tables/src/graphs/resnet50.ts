import type { GraphBuilder } from "./builder.ts";

/** Bottlenecks with a shortcut (He et al. 2016, figure 5 right, table 1), the first of every stage with a projection. */
export function resnet50Graph(graph: GraphBuilder): void {
  let tensor = graph.conv("conv1", graph.inputOf("conv1"));
  tensor = graph.pool("maxpool", "max-pool", tensor, 3, 2, { padding: 1 });
  for (const [stage, blocks] of [3, 4, 6, 3].entries()) {
    for (let block = 0; block < blocks; block++) {
      const at = (name: string): string => `layer${stage + 1}.${block}.${name}`;
      const body = graph.convs([at("conv1"), at("conv2"), at("conv3")], tensor);
      const shortcut = graph.has(at("downsample")) ? graph.conv(at("downsample"), tensor) : tensor;
      tensor = graph.add(at("add"), [body, shortcut], true);
    }
  }
  graph.pool("avgpool", "average-pool", tensor, 7, 1);
}
