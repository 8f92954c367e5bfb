import { setFlagsFromString } from "node:v8";
import type { GemmProvider } from "@leanconv/gemm";
import {
  type KernelExports,
  type KernelFileName,
  type KernelVariant,
  kernelFiles,
  loadKernels,
} from "@leanconv/wasm-kernels";
import { contender } from "../harness/contender.ts";
import type { PeakProbe } from "../providers.ts";
import { setsProcessFlag } from "../wasm-provider.ts";

const depth = 256;
const times = 100;
/** Above the kernels' constants; panels and results lie in pages of their own. */
const [a, b, c] = [1 << 16, 2 << 16, 3 << 16];

/**
 * The tile on panels that stay in the first cache, and chains of multiply-adds that read nothing at all: as many as fit
 * the registers, and twice as many for engines that pair vectors. Whichever is fastest is the limit of the machine.
 */
export async function wasmPeaks(variant: KernelVariant, provider: GemmProvider): Promise<readonly PeakProbe[]> {
  const { mr, nr } = provider.capabilities;
  const names = Object.keys(kernelFiles) as KernelFileName[];
  const name = names.find((one) => {
    const file = kernelFiles[one];
    return file.variant === variant && file.mr === mr && file.nr === nr && file.shared;
  });
  if (name === undefined) throw new Error(`no kernels of ${variant} ${mr}x${nr} in shared memory`);
  const module = await loadKernels(name, "bench", setsProcessFlag(variant) ? compileRevectorized : undefined);
  const memory = new WebAssembly.Memory({ initial: 4, maximum: 4, shared: true });
  const { exports } = await WebAssembly.instantiate(module, { env: { memory } });
  const { peak, peakChains12, peakChains24 } = exports as unknown as KernelExports;
  new Float32Array(memory.buffer, a).fill(0.5);
  const chains = (count: number, run: (c: number, rounds: number) => void): PeakProbe => ({
    contender: contender(`${count} chains`, () => run(c, depth * times)),
    operations: 8 * count * depth * times,
  });
  return [
    {
      contender: contender("tile", () => peak(a, b, depth, c, times)),
      operations: 2 * mr * nr * depth * times,
    },
    chains(12, peakChains12),
    chains(24, peakChains24),
  ];
}

/** As the provider compiles it: everything by the optimising compiler, under the flag. */
function compileRevectorized(bytes: BufferSource): WebAssembly.Module {
  const flags = ["experimental-wasm-revectorize", "no-liftoff", "no-wasm-lazy-compilation"];
  for (const flag of flags) setFlagsFromString(`--${flag}`);
  try {
    return new WebAssembly.Module(bytes);
  } finally {
    for (const flag of ["no-experimental-wasm-revectorize", "liftoff", "wasm-lazy-compilation"]) {
      setFlagsFromString(`--${flag}`);
    }
  }
}
