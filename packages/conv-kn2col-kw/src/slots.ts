/** Nothing for window and rows, one slice, or the columns saved by punching. */
export { accumulateSlots as kn2colKwSlots } from "@leanconv/conv/accumulate";
