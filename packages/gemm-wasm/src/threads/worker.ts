// What a worker of the pool runs.
import { KernelCrew, servePool } from "@leanconv/wasm-runtime";

servePool((place) => new KernelCrew(place));
