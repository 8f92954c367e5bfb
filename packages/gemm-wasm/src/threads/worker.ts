// What a worker of the pool runs.
import { servePool } from "@leanconv/wasm-kernels";
import { KernelCrew } from "@leanconv/wasm-kernels/provider";

servePool((place) => new KernelCrew(place));
