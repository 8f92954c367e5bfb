import type { GraphBuilder } from "./builder.ts";

/** Inverted residuals: a shortcut where a block keeps size and channels (Sandler et al. 2018, section 3.3 and figure 4). */
export function mobilenetV2Graph(graph: GraphBuilder): void {
  let tensor = graph.conv("features.0", graph.inputOf("features.0"));
  for (let block = 1; block <= 17; block++) {
    const at = (name: string): string => `features.${block}.${name}`;
    const layers = [at("expand"), at("depthwise"), at("project")].filter((name) => graph.has(name));
    const body = graph.convs(layers, tensor);
    const { sh } = graph.problem(at("depthwise"));
    const residual = sh === 1 && graph.problem(layers[0]).ic === graph.problem(at("project")).oc;
    tensor = residual ? graph.add(at("add"), [body, tensor], false) : body;
  }
  graph.pool("avgpool", "average-pool", graph.conv("features.18", tensor), 7, 1);
}
