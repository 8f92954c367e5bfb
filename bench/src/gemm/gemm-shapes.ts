import type { PatchB, PlainB } from "@leanconv/gemm";
import { type Layer, network } from "@leanconv/layer-tables";

/** One product to measure: m x k weights times B, k by rows * cols pixels. */
export interface GemmShape {
  readonly name: string;
  readonly m: number;
  readonly k: number;
  readonly rows: number;
  readonly cols: number;
  readonly b: PlainB | PatchB;
  /** Of C, and of what weights are packed for. */
  readonly layout: "nchw" | "nhwc";
}

/** Plain JavaScript takes its time: some squares, first layers, wide and deep ones, a stride, maps that no tile divides. */
const few = {
  squares: [64, 128, 256, 384, 512],
  layers: [
    ...["vgg16 conv1_1", "vgg16 conv5_1", "resnet50 conv1", "resnet50 layer1.0.conv2"],
    ...["resnet50 layer1.0.conv3", "resnet50 layer3.1.conv1", "resnet50 layer4.1.conv2"],
  ],
};

/** A choice for slow providers. Channels are planes. */
export function fewShapes(): GemmShape[] {
  const layers = namedLayers().filter(({ name }) => few.layers.includes(name));
  return [...few.squares.map((size) => squareShape(size, "nchw")), ...layers.map((layer) => layerShape(layer, "nchw"))];
}

/** Squares and every distinct layer of two networks, in both layouts. */
export function allShapes(): GemmShape[] {
  const squares = [64, 128, 256, 384, 512, 768, 1024];
  const seen = new Set<string>();
  const layers = namedLayers().filter(({ problem }) => {
    const key = JSON.stringify(problem);
    return !seen.has(key) && seen.add(key);
  });
  return (["nchw", "nhwc"] as const).flatMap((layout) => [
    ...squares.map((size) => squareShape(size, layout)),
    ...layers.map((layer) => layerShape(layer, layout)),
  ]);
}

function namedLayers(): readonly Layer[] {
  return ["vgg16", "resnet50"].flatMap((name) =>
    network(name, { activation: "none" }).map(({ name: layer, problem }) => ({ name: `${name} ${layer}`, problem })),
  );
}

function squareShape(size: number, layout: GemmShape["layout"]): GemmShape {
  const [k, col] = layout === "nchw" ? [size, 1] : [1, size];
  return { name: `${size}`, m: size, k: size, rows: 1, cols: size, b: { kind: "plain", k, row: 0, col }, layout };
}

/** The layer as one product: plain where the kernel is one pixel and moves by one, else a patch (implicit GEMM). */
function layerShape({ name, problem }: Layer, layout: GemmShape["layout"]): GemmShape {
  const { ic, ih, iw, oc, oh, ow, kh, kw, sh, sw, dh, dw, pt, pl } = problem;
  const shape = { name, m: oc, k: ic * kh * kw, rows: oh, cols: ow, layout };
  const [channel, col] = layout === "nchw" ? [ih * iw, 1] : [1, ic];
  if (kh * kw * sh * sw === 1) return { ...shape, b: { kind: "plain", k: channel, row: iw * col, col } };
  const taps = Array.from({ length: kh * kw }, (_, tap) => ({
    dy: Math.floor(tap / kw) * dh - pt,
    dx: (tap % kw) * dw - pl,
  }));
  return { ...shape, b: { kind: "patch", channels: ic, taps, ih, iw, sh, sw, channel, line: iw * col, col } };
}
