export { kn2colKw } from "./algorithm.ts";
