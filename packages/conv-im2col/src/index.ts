export { im2col } from "./algorithm.ts";
export { fullIm2colElements } from "./slots.ts";
