import { convError, isConvError } from "@leanconv/core";
import { inspectModule, inspectTransforms, type KernelVariant, loadKernels } from "@leanconv/wasm-kernels";
import {
  chooseFile,
  detectEngine,
  loadTransforms,
  type OpenKernels,
  probe,
  type Tile,
  wasmFeatures,
} from "@leanconv/wasm-runtime";
import { openRevectorized } from "./revectorize.ts";

export interface KernelWishes {
  readonly module: WebAssembly.Module | undefined;
  readonly transforms: WebAssembly.Module | undefined;
  readonly variant: KernelVariant | "auto";
  readonly tile: Tile | undefined;
  readonly shared: boolean;
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

/** Adds the file of tile transforms for the same kind of memory: the caller's, or the package's. */
async function withTransforms(
  opened: OpenKernels,
  wishes: KernelWishes,
  where: string,
  load: typeof loadKernels,
): Promise<OpenKernels> {
  const { shared } = opened.label;
  if (wishes.transforms !== undefined) {
    const { name, shared: forShared } = inspectTransforms(wishes.transforms, where);
    if (forShared === shared) return { ...opened, modules: { ...opened.modules, transforms: wishes.transforms } };
    throw convError("argument.module", {
      where,
      what: "transforms for the other kind of memory",
      got: name,
      wanted: shared ? "transforms-shared" : "transforms",
    });
  }
  try {
    return await loadTransforms(opened, where, load);
  } catch (error) {
    // Who gave kernels may have no way to load files; everything but transforms then works.
    if (wishes.module === undefined || !isConvError(error)) throw error;
    return { ...opened, withoutTransforms: error.message };
  }
}
