import { convError } from "@leanconv/core";
import { kernelExportNames, stripExportNames, transformExportNames } from "./exports.ts";
import { type KernelLabel, kernelLayout, labelSection, type StripLabel, type TransformLabel } from "./label.ts";

/**
 * What a compiled module says about itself, before it is instantiated. Allocates the label.
 * @throws `argument.module` if it is no kernel file, or one of another version of this package
 */
export function inspectModule(module: WebAssembly.Module, where: string): KernelLabel {
  return inspect<KernelLabel>(module, where, "memory env.memory", kernelExportNames);
}

/**
 * The same of a file of tile transforms.
 * @throws `argument.module`
 */
export function inspectTransforms(module: WebAssembly.Module, where: string): TransformLabel {
  return inspect<TransformLabel>(module, where, besideKernels, transformExportNames);
}

/**
 * The same of the file of strips.
 * @throws `argument.module`
 */
export function inspectStrips(module: WebAssembly.Module, where: string): StripLabel {
  return inspect<StripLabel>(module, where, besideKernels, stripExportNames);
}

/** What files import that compute beside the kernels. */
const besideKernels = "function kernels.activateSpan,memory env.memory";

function inspect<Label extends { readonly layout: string }>(
  module: WebAssembly.Module,
  where: string,
  wantedImports: string,
  wantedExports: readonly string[],
): Label {
  const refuse = (what: string, got?: unknown, wanted?: unknown): Error =>
    convError("argument.module", {
      ...{ where, what },
      ...(got !== undefined && { got }),
      ...(wanted !== undefined && { wanted }),
      fix: "give a compiled .wasm file of the installed @leanconv/wasm-kernels",
    });
  // By its name, not its class: a module may come from another realm.
  if (Object.prototype.toString.call(module) !== "[object WebAssembly.Module]") {
    throw refuse("not a WebAssembly.Module", typeof module);
  }
  const [section] = WebAssembly.Module.customSections(module, labelSection);
  if (section === undefined) throw refuse(`a module without the label "${labelSection}"`);
  const label = parseLabel(section) as Label | undefined;
  if (label === undefined) throw refuse("the module's label cannot be read");
  if (label.layout !== kernelLayout()) throw refuse("kernels of another version", label.layout, kernelLayout());
  const imports = WebAssembly.Module.imports(module).map(({ module, name, kind }) => `${kind} ${module}.${name}`);
  if (imports.sort().join() !== wantedImports) throw refuse("other imports", imports, wantedImports);
  const functions = new Set(
    WebAssembly.Module.exports(module).map(({ name, kind }) => (kind === "function" ? name : "")),
  );
  const missing = wantedExports.filter((name) => !functions.has(name));
  if (missing.length > 0) throw refuse("a module without all kernels", `no ${missing.join(", ")}`);
  return label;
}

function parseLabel(section: ArrayBuffer): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(section));
  } catch {
    return undefined;
  }
}
