export { kn2rowAa } from "./algorithm.ts";
