import { gather } from "./gather.ts";

/** For the process that measures allocations, which imports algorithms by name. */
export const gatherAlgorithm = gather();
