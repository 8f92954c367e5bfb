import type { NetworkGraph } from "@leanconv/conv";
import { convError } from "@leanconv/core";
import { alexnetGraph } from "./graphs/alexnet.ts";
import { GraphBuilder } from "./graphs/builder.ts";
import { googlenetGraph } from "./graphs/googlenet.ts";
import { mobilenetV2Graph } from "./graphs/mobilenet-v2.ts";
import { resnet50Graph } from "./graphs/resnet50.ts";
import { squeezenet11Graph } from "./graphs/squeezenet1-1.ts";
import { vgg16Graph } from "./graphs/vgg16.ts";
import type { LayerOverrides } from "./layer.ts";
import { network } from "./network.ts";

const graphs: Readonly<Record<string, (graph: GraphBuilder) => void>> = {
  alexnet: alexnetGraph,
  alexnet_ungrouped: alexnetGraph,
  vgg16: vgg16Graph,
  googlenet: googlenetGraph,
  resnet50: resnet50Graph,
  mobilenet_v2: mobilenetV2Graph,
  squeezenet1_1: squeezenet11Graph,
};

/** The names that `networkGraph` knows: `mec` is a list of layers from different networks. */
export const networkGraphNames: readonly string[] = Object.keys(graphs);

/**
 * A network with everything between its convolutions: pools, sums, concatenations, normalisations. From the image, the
 * node `data`, to what the first fully connected layer reads, which is left out with those behind it. The convolutions
 * are those of `network`, with the same overrides. Allocates the graph.
 * @throws `argument.name` for names that are not among `networkGraphNames`; the codes of `network`
 */
export function networkGraph(name: string, overrides: LayerOverrides = {}): NetworkGraph {
  if (!Object.hasOwn(graphs, name)) {
    const wanted = networkGraphNames.join(", ");
    throw convError("argument.name", { where: "networkGraph", what: "there is no such graph", got: name, wanted });
  }
  const graph = new GraphBuilder(network(name, overrides));
  graphs[name](graph);
  return graph.graph();
}
