import { type Layer, network } from "leanconv";

/** The layers of a network as they are compared: each with a bias and its activation, or relu where it has none. */
export function benchLayers(name: string): readonly Layer[] {
  const own = network(name);
  const relu = network(name, { activation: "relu" });
  return own.map((layer, index) => (layer.problem.activation === undefined ? relu[index] : layer));
}
