// What a worker of the pool runs.
import { servePool } from "@leanconv/wasm-kernels";
import { KernelCrew } from "./crew.ts";

servePool((place) => new KernelCrew(place));
