export { winogradAlgorithm, winogradF2, winogradF4 } from "./algorithm.ts";
export { winogradErrors } from "./errors.ts";
