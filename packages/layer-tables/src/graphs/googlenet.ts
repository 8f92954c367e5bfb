import type { GraphBuilder } from "./builder.ts";

/** Inception modules of four branches (Szegedy et al. 2015, figure 3), in the order of Caffe's model. */
export function googlenetGraph(graph: GraphBuilder): void {
  const ceil = true;
  const inception = (module: string, input: string): string => {
    const at = (name: string): string => `inception_${module}/${name}`;
    return graph.concat(at("output"), [
      graph.conv(at("1x1"), input),
      graph.convs([at("3x3_reduce"), at("3x3")], input),
      graph.convs([at("5x5_reduce"), at("5x5")], input),
      graph.conv(at("pool_proj"), graph.pool(at("pool"), "max-pool", input, 3, 1, { padding: 1 })),
    ]);
  };
  const modules = (names: readonly string[], input: string): string =>
    names.reduce((tensor, name) => inception(name, tensor), input);
  let tensor = graph.conv("conv1/7x7_s2", graph.inputOf("conv1/7x7_s2"));
  tensor = graph.norm("pool1/norm1", graph.pool("pool1/3x3_s2", "max-pool", tensor, 3, 2, { ceil }));
  tensor = graph.norm("conv2/norm2", graph.convs(["conv2/3x3_reduce", "conv2/3x3"], tensor));
  tensor = modules(["3a", "3b"], graph.pool("pool2/3x3_s2", "max-pool", tensor, 3, 2, { ceil }));
  tensor = modules(["4a", "4b", "4c", "4d", "4e"], graph.pool("pool3/3x3_s2", "max-pool", tensor, 3, 2, { ceil }));
  tensor = modules(["5a", "5b"], graph.pool("pool4/3x3_s2", "max-pool", tensor, 3, 2, { ceil }));
  graph.pool("pool5/7x7_s1", "average-pool", tensor, 7, 1);
}
