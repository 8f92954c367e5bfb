import {
  allAlgorithms,
  type BoundConv,
  bindConv2d,
  type ConvProgram,
  chosenProgram,
  filterView,
  type GemmProvider,
  heapBytes,
  network,
  planLayers,
  prepareWeights,
  requirements,
  type StridedView,
} from "leanconv";

export interface NetworkResult {
  /** Bytes of the one heap in which weights, activations and workspace lie. */
  readonly heapBytes: number;
  /** A fingerprint of the bits of every layer's output. */
  readonly bits: string;
  readonly top: number;
}

const budget = { workspaceBytes: 1 << 20 };
/** Elements of the largest image between two layers, 113 x 113 x 64. */
const imageElements = 113 * 113 * 64;

/** squeezenet1_1 from an image to its 1000 scores, in one heap, on made-up weights and channels innermost. */
export async function runSqueezenet(provider: GemmProvider): Promise<NetworkResult> {
  const planned = { algorithms: allAlgorithms, provider, budget, layout: "nhwc" as const };
  const { layers } = planLayers(network("squeezenet1_1"), planned);
  const programs = layers.map((layer) => chosenProgram(layer, allAlgorithms, provider));
  const needs = programs.map((program) => requirements(program, provider));
  const workspaceBytes = Math.max(...needs.map((need) => need.workspaceBytes));
  const persistent = needs.flatMap((need) => [need.packedBytes]);
  const tables = programs.flatMap(({ kernels }) => kernels.map((kernel) => provider.query(kernel).tableBytes));
  const images = new Array<number>(3).fill(4 * imageElements);
  const bytes = heapBytes([...persistent, ...tables, ...images, workspaceBytes], provider.capabilities);
  const heap = await provider.createHeap(bytes + 2 * programs.length * provider.capabilities.alignBytes);
  const random = made(1);
  const weights = programs.map((program) => {
    const { problem: p } = program;
    const filter = filterView(
      values(p.oc * p.ic * p.kh * p.kw, random, p.ic * p.kh * p.kw),
      [p.oc, p.ic, p.kh, p.kw],
      "oihw",
    );
    return prepareWeights(program, provider, heap, { filter, bias: values(p.oc, random, 16) });
  });
  const buffers = images.map((size, i) => heap.allocate(size, `image ${i}`));
  const workspace = heap.allocate(workspaceBytes, "workspace");
  const mark = heap.mark();
  let hash = 0x811c9dc5;
  /** Runs layer `index` from buffer `from` into buffer `to`. */
  const convolve = (index: number, from: number, to: number): ConvProgram => {
    const program = programs[index];
    const { problem: p } = program;
    const view = (buffer: number, shape: readonly number[]): StridedView => {
      const { float32 } = buffers[buffer];
      const [, c, h, w] = shape;
      return { data: float32, shape, stride: [c * h * w, 1, w * c, c], offset: 0 };
    };
    const bound: BoundConv = bindConv2d(program, provider, weights[index], {
      input: view(from, [1, p.ic, p.ih, p.iw]),
      output: view(to, [1, p.oc, p.oh, p.ow]),
      workspace,
      exclusiveInput: true,
    });
    bound.run();
    heap.release(mark);
    const output = buffers[to].float32;
    const words = new Int32Array(output.buffer, output.byteOffset, p.oc * p.oh * p.ow);
    for (const word of words) hash = Math.imul(hash ^ word, 0x01000193);
    return program;
  };
  buffers[0].float32.set(values(3 * 227 * 227, random, 1));
  convolve(0, 0, 1);
  maxPool(buffers[1].float32, buffers[0].float32, 113, 64);
  for (let fire = 0; fire < 8; fire++) {
    const squeeze = 1 + 3 * fire;
    convolve(squeeze, 0, 1);
    const { problem: p } = convolve(squeeze + 1, 1, 2);
    interleave(buffers[2].float32, buffers[0].float32, p.oh * p.ow, p.oc, 0);
    convolve(squeeze + 2, 1, 2);
    interleave(buffers[2].float32, buffers[0].float32, p.oh * p.ow, p.oc, p.oc);
    if (fire !== 1 && fire !== 3) continue;
    maxPool(buffers[0].float32, buffers[1].float32, p.oh, 2 * p.oc);
    buffers[0].float32.set(buffers[1].float32);
  }
  const { problem: last } = convolve(25, 0, 1);
  const scores = average(buffers[1].float32, last.oh * last.ow, last.oc);
  const top = scores.indexOf(Math.max(...scores));
  const result = { heapBytes: heap.bytes, bits: (hash >>> 0).toString(16), top };
  heap.dispose();
  return result;
}

/** 3 x 3 with stride 2, the last window cut off by the edge. */
function maxPool(from: Float32Array, to: Float32Array, side: number, channels: number): void {
  const outside = Math.ceil((side - 3) / 2) + 1;
  for (let y = 0; y < outside; y++) {
    for (let x = 0; x < outside; x++) {
      for (let c = 0; c < channels; c++) {
        let most = Number.NEGATIVE_INFINITY;
        for (let iy = 2 * y; iy < Math.min(side, 2 * y + 3); iy++) {
          for (let ix = 2 * x; ix < Math.min(side, 2 * x + 3); ix++) {
            most = Math.max(most, from[(iy * side + ix) * channels + c]);
          }
        }
        to[(y * outside + x) * channels + c] = most;
      }
    }
  }
}

/** Writes an image into half of the channels of another one. */
function interleave(from: Float32Array, to: Float32Array, pixels: number, channels: number, first: number): void {
  for (let q = 0; q < pixels; q++) {
    for (let c = 0; c < channels; c++) to[q * 2 * channels + first + c] = from[q * channels + c];
  }
}

function average(from: Float32Array, pixels: number, channels: number): number[] {
  return Array.from({ length: channels }, (_, c) => {
    let sum = 0;
    for (let q = 0; q < pixels; q++) sum += from[q * channels + c];
    return sum / pixels;
  });
}

/** Numbers in [-1, 1), the same in every engine. */
function made(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    return state / 2 ** 31;
  };
}

/** Numbers whose sums over `fan` products stay near 1. */
function values(count: number, random: () => number, fan: number): Float32Array {
  const scale = Math.sqrt(6 / fan);
  return Float32Array.from({ length: count }, () => scale * random());
}
