import type { PatchB, PlainB } from "@leanconv/gemm";
import { network } from "@leanconv/layer-tables";

/** One product to measure: m x k weights times B, k by rows * cols pixels. */
export interface GemmShape {
  readonly name: string;
  readonly m: number;
  readonly k: number;
  readonly rows: number;
  readonly cols: number;
  readonly b: PlainB | PatchB;
}

const squares = [64, 128, 256, 384, 512];

/** First layers, wide and deep ones, a stride, and maps that no tile divides. Channels are planes. */
const layers: readonly (readonly [network: string, layer: string])[] = [
  ["vgg16", "conv1_1"],
  ["vgg16", "conv5_1"],
  ["resnet50", "conv1"],
  ["resnet50", "layer1.0.conv2"],
  ["resnet50", "layer1.0.conv3"],
  ["resnet50", "layer3.1.conv1"],
  ["resnet50", "layer4.1.conv2"],
];

export function gemmShapes(): GemmShape[] {
  return [...squares.map(squareShape), ...layers.map(([name, layer]) => layerShape(name, layer))];
}

function squareShape(size: number): GemmShape {
  return { name: `${size}`, m: size, k: size, rows: 1, cols: size, b: { kind: "plain", k: size, row: 0, col: 1 } };
}

/** The layer as one product: plain where the kernel is one pixel and moves by one, else a patch (implicit GEMM). */
function layerShape(networkName: string, layerName: string): GemmShape {
  const layer = network(networkName).find(({ name }) => name === layerName);
  if (layer === undefined) throw new Error(`${networkName} has no layer ${layerName}`);
  const { ic, ih, iw, oc, oh, ow, kh, kw, sh, sw, dh, dw, pt, pl } = layer.problem;
  const shape = { name: `${networkName} ${layerName}`, m: oc, k: ic * kh * kw, rows: oh, cols: ow };
  if (kh * kw * sh * sw === 1) return { ...shape, b: { kind: "plain", k: ih * iw, row: iw, col: 1 } };
  const taps = Array.from({ length: kh * kw }, (_, tap) => ({
    dy: Math.floor(tap / kw) * dh - pt,
    dx: (tap % kw) * dw - pl,
  }));
  return {
    ...shape,
    b: { kind: "patch", channels: ic, taps, ih, iw, sh, sw, channel: ih * iw, line: iw, col: 1 },
  };
}
