// A file of its own: only providers over other libraries need these kernels.
export { finish } from "./finish";
export { lower } from "./lower";
