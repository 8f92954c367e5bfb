/** What bundlers and hosts give for `import module from "@leanconv/wasm-kernels/relaxed.wasm"`. */
declare const module: WebAssembly.Module;
export default module;
