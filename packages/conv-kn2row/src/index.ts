export { kn2row, kn2rowAs } from "./algorithm.ts";
