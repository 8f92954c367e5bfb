// Stands in for an edge host in Node: what is imported as `*.wasm?module` is a compiled module, bytes are not compiled,
// and there is neither a process nor shared memory. Arguments: the bundle, the folder of the kernels.
import { readFileSync } from "node:fs";
import { registerHooks } from "node:module";
import { basename, join } from "node:path";
import { pathToFileURL } from "node:url";

const [bundle, kernels] = process.argv.slice(2);
const { Module, instantiate } = WebAssembly;
globalThis.importedKernels = {};

registerHooks({
  resolve(specifier, context, next) {
    if (!specifier.endsWith(".wasm?module")) return next(specifier, context);
    const name = basename(specifier, "?module");
    globalThis.importedKernels[name] = new Module(readFileSync(join(kernels, name)));
    return { url: `kernel:${name}`, shortCircuit: true };
  },
  load(url, context, next) {
    if (!url.startsWith("kernel:")) return next(url, context);
    const source = `export default globalThis.importedKernels[${JSON.stringify(url.slice("kernel:".length))}];`;
    return { format: "module", source, shortCircuit: true };
  },
});

const refuse = () => {
  throw new Error("this host compiles no bytes");
};
Object.assign(WebAssembly, {
  compile: refuse,
  compileStreaming: refuse,
  instantiateStreaming: refuse,
  instantiate: (module, imports) => (module instanceof Module ? instantiate(module, imports) : refuse()),
  Module: new Proxy(Module, { construct: refuse }),
});
globalThis.fetch = refuse;
globalThis.SharedArrayBuffer = undefined;
globalThis.process = undefined;
await import(pathToFileURL(bundle).href);
