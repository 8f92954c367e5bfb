import { convError, isConvError, roundUp } from "@leanconv/core";
import {
  inspectModule,
  inspectTransforms,
  type KernelLabel,
  type KernelVariant,
  loadKernels,
} from "@leanconv/wasm-kernels";
import { chooseFile } from "./engine/choose-file.ts";
import { detectEngine } from "./engine/engine.ts";
import { wasmFeatures } from "./engine/features.ts";
import { instantiateKernels, type KernelModules } from "./instantiate.ts";
import { allocateMemory, pageBytes } from "./linear-memory.ts";
import { openRevectorized } from "./revectorize.ts";
import type { Tile } from "./tile.ts";

export interface KernelWishes {
  readonly module: WebAssembly.Module | undefined;
  readonly transforms: WebAssembly.Module | undefined;
  readonly variant: KernelVariant | "auto";
  readonly tile: Tile | undefined;
  readonly shared: boolean;
}

/** A compiled kernel file that was tried out. */
export interface OpenKernels {
  readonly modules: KernelModules;
  /** Why there are no tile transforms. */
  readonly withoutTransforms?: string;
  readonly label: KernelLabel;
  /** Whether its multiply-add rounds once. */
  readonly fused: boolean;
}

/** Finds, loads and probes the kernels: the given module, or the file that suits the engine. */
export async function openKernels(
  wishes: KernelWishes,
  where: string,
  load: typeof loadKernels = loadKernels,
): Promise<OpenKernels> {
  return withTransforms(await openTiles(wishes, where), wishes, where, load);
}

async function openTiles(wishes: KernelWishes, where: string): Promise<OpenKernels> {
  const { module, variant } = wishes;
  if (module !== undefined) return probe(givenModule(module, wishes, where), where);
  const engine = detectEngine();
  const features = wasmFeatures();
  if (variant === "revectorized") return openRevectorized(engine, where);
  const opened = await probe(await loadKernels(chooseFile(wishes, features, engine, where), where), where);
  // Without fused products in hardware the relaxed file has nothing over the plain one, whose tile suits it better.
  if (opened.fused || variant !== "auto" || opened.label.variant === "simd") return opened;
  return probe(await loadKernels(chooseFile({ ...wishes, variant: "simd" }, features, engine, where), where), where);
}

/** A module of the caller's own must be what the other options ask for. */
function givenModule(module: WebAssembly.Module, { variant, tile }: KernelWishes, where: string): WebAssembly.Module {
  const label = inspectModule(module, where);
  const refuse = (what: string, wanted: string): Error =>
    convError("argument.module", { where, what, got: label.name, wanted });
  if (label.variant === "revectorized") {
    throw refuse("these kernels are compiled by the provider itself", 'variant: "revectorized" without a module');
  }
  if (variant !== "auto" && variant !== label.variant) throw refuse("a module of another variant", variant);
  if (tile !== undefined && (tile.mr !== label.mr || tile.nr !== label.nr)) {
    throw refuse("a module of another tile", `${tile.mr}x${tile.nr}`);
  }
  return module;
}

/** Looks into a module and instantiates it once, on a memory of one page, to see how it multiplies. */
export async function probe(module: WebAssembly.Module, where: string): Promise<OpenKernels> {
  const label = inspectModule(module, where);
  const memory = allocateMemory(roundUp(label.reservedBytes, pageBytes), label.shared, where);
  const { kernels } = await instantiateKernels({ kernels: module }, memory, where);
  return { modules: { kernels: module }, label, fused: Boolean(kernels.probeFma()) };
}

/** Adds the file of tile transforms for the same kind of memory: the caller's, or the package's. */
async function withTransforms(
  opened: OpenKernels,
  wishes: KernelWishes,
  where: string,
  load: typeof loadKernels,
): Promise<OpenKernels> {
  const { shared } = opened.label;
  const { kernels } = opened.modules;
  if (wishes.transforms !== undefined) {
    const { name, shared: forShared } = inspectTransforms(wishes.transforms, where);
    if (forShared === shared) return { ...opened, modules: { kernels, transforms: wishes.transforms } };
    throw convError("argument.module", {
      where,
      what: "transforms for the other kind of memory",
      got: name,
      wanted: shared ? "transforms-shared" : "transforms",
    });
  }
  try {
    const transforms = await load(shared ? "transforms-shared" : "transforms", where);
    inspectTransforms(transforms, where);
    return { ...opened, modules: { kernels, transforms } };
  } catch (error) {
    // Who gave kernels may have no way to load files; everything but transforms then works.
    if (wishes.module === undefined || !isConvError(error)) throw error;
    return { ...opened, withoutTransforms: error.message };
  }
}
