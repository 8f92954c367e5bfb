export { type MecOptions, mec, mecAlgorithm } from "./algorithm.ts";
export { type LoweredExtent, loweredElements } from "./slots.ts";
