import {
  filterView,
  type GemmProvider,
  imageView,
  type OpenLayer,
  openLayer,
  type PlannedChoice,
  reorder,
} from "leanconv";
import type { LayerValues } from "../layer-values.ts";

/** Opens a planned layer and gives it its values. The output starts as NaN: what nobody writes shows. */
export async function openWithValues(
  layer: PlannedChoice,
  { input, filter, bias }: LayerValues,
  provider: GemmProvider,
  threads: number,
): Promise<OpenLayer> {
  const { problem: p } = layer;
  const opened = await openLayer(layer, {
    ...{ provider, threads, filter: filterView(filter, [p.oc, p.ic / p.groups, p.kh, p.kw], "oihw") },
    ...(p.bias && { bias }),
  });
  reorder(imageView(input, [p.n, p.ic, p.ih, p.iw], "nchw"), opened.input);
  const { data, offset, shape } = opened.output;
  const size = shape.reduce((product, extent) => product * extent, 1);
  data.fill(Number.NaN, offset, offset + size);
  return opened;
}

/** The output of an opened layer, dense in the order of nchw. */
export function outputValues({ output }: OpenLayer): Float32Array {
  const [n, c, h, w] = output.shape;
  const values = new Float32Array(n * c * h * w);
  reorder(output, imageView(values, [n, c, h, w], "nchw"));
  return values;
}
