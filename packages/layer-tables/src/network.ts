import { parseProblem } from "@leanconv/conv";
import { convError } from "@leanconv/core";
import { type Layer, type LayerOverrides, overrideProblem } from "./layer.ts";
import type { NetworkTable } from "./network-table.ts";
import { alexnet, alexnetUngrouped } from "./networks/alexnet.ts";
import { googlenet } from "./networks/googlenet.ts";
import { mec } from "./networks/mec.ts";
import { mobilenetV2 } from "./networks/mobilenet-v2.ts";
import { resnet50 } from "./networks/resnet50.ts";
import { squeezenet11 } from "./networks/squeezenet1-1.ts";
import { vgg16 } from "./networks/vgg16.ts";

const tables: Readonly<Record<string, NetworkTable>> = {
  alexnet,
  alexnet_ungrouped: alexnetUngrouped,
  vgg16,
  googlenet,
  resnet50,
  mobilenet_v2: mobilenetV2,
  squeezenet1_1: squeezenet11,
  mec,
};

/** The names that `network` knows. */
export const networkNames: readonly string[] = Object.keys(tables);

/**
 * The convolutions of a network in the order they run. Each has a bias, and the activation of its network (relu6 in
 * mobilenet_v2, else relu) unless nothing follows it directly: the projections of mobilenet_v2, and the convolutions of
 * resnet50 that end in a sum. Overrides hold for all layers. Allocates the list and its problems.
 * @throws `argument.name` for names that are not among `networkNames` or the overrides; the codes of `describeConv2d` for overrides.
 */
export function network(name: string, overrides: LayerOverrides = {}): readonly Layer[] {
  if (!Object.hasOwn(tables, name)) {
    const wanted = networkNames.join(", ");
    throw convError("argument.name", { where: "network", what: "there is no such network", got: name, wanted });
  }
  const { batch, bias = true, activation, ...unknown } = overrides;
  for (const key of Object.keys(unknown)) {
    const wanted = "batch, bias, activation";
    throw convError("argument.name", { where: `network ${name}`, what: "there is no such override", got: key, wanted });
  }
  const table = tables[name];
  return table.rows.map(([layer, text]) => {
    const own = table.linear?.some((ending) => layer.endsWith(ending)) ? "none" : table.activation;
    const choice = { batch, bias, activation: activation ?? own };
    return { name: layer, problem: overrideProblem(parseProblem(text), choice, `${name} ${layer}`) };
  });
}
