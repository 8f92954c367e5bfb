export { directConv2d } from "./direct.ts";
export { type DirectPoint, directAt } from "./direct-at.ts";
export { errorBound } from "./error-bound.ts";
export type { DirectOperands, DirectView } from "./operands.ts";
