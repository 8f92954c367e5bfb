export { implicitGemm } from "./algorithm.ts";
