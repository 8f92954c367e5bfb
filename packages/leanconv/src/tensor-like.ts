import { convError } from "@leanconv/core";
import { assertView, axisOrder, type StridedView, type TensorLayout } from "@leanconv/tensor";

/**
 * A tensor as a caller has it: float32 data and its shape, axes in the order of its layout's letters. Without strides
 * the data is dense, and exactly as long as the shape says. With `stride` and `offset`, in elements, it may lie anyhow:
 * cropped, transposed or flipped. A scijs `ndarray` over a Float32Array is one as it stands.
 */
export interface TensorLike {
  readonly data: Float32Array;
  readonly shape: readonly number[];
  readonly stride?: readonly number[] | undefined;
  readonly offset?: number | undefined;
}

/** One number per output channel: an array, or a tensor of one axis. */
export type VectorLike = Float32Array | readonly number[] | TensorLike;

/** What a tensor says about itself, for the checks that come before any data is read. */
export interface TensorHead {
  readonly shape: readonly number[];
  readonly dtype: string;
}

/** Shape and element type. The type is the array's, whatever the tensor calls it. */
export function headOf(tensor: TensorLike, where: string): TensorHead {
  if (typeof tensor !== "object" || tensor === null) {
    throw convError("argument.shape", { where, what: "not a tensor", got: tensor, wanted: "{ data, shape }" });
  }
  return { shape: tensor.shape, dtype: dtypeOf(tensor.data) };
}

/** Shape and element type of a vector; a list of numbers counts as float32. */
export function vectorHead(vector: VectorLike, where: string): TensorHead {
  if (Array.isArray(vector)) return { shape: [vector.length], dtype: "float32" };
  if (ArrayBuffer.isView(vector)) return { shape: [(vector as Float32Array).length], dtype: dtypeOf(vector) };
  return headOf(vector as TensorLike, where);
}

/** The tensor under logical axes, over the caller's own data. Its head must have been checked. */
export function viewOf(tensor: TensorLike, layout: TensorLayout, where: string): StridedView {
  const order = axisOrder(layout, where);
  const shape = [0, 0, 0, 0];
  const stride = [0, 0, 0, 0];
  const physical = tensor.stride ?? denseStride(tensor, where);
  if (physical.length !== 4) {
    throw convError("argument.strides", { where, what: "one stride per axis", got: [...physical], wanted: layout });
  }
  for (let place = 0; place < 4; place++) {
    shape[order[place]] = tensor.shape[place];
    stride[order[place]] = physical[place];
  }
  const view = { data: tensor.data, shape, stride, offset: tensor.offset ?? 0 };
  assertView(view, where, 4);
  return view;
}

/** The values of a vector in order; a list stays what it is. */
export function valuesOf(vector: VectorLike, where: string): ArrayLike<number> {
  if (Array.isArray(vector) || ArrayBuffer.isView(vector)) return vector as ArrayLike<number>;
  const { data, shape, stride, offset = 0 } = vector as TensorLike;
  const axis = shape.findIndex((size) => size > 1);
  const length = axis < 0 ? 1 : shape[axis];
  const step = stride === undefined ? 1 : axis < 0 ? 0 : stride[axis];
  if (stride === undefined) assertDenseLength(vector as TensorLike, where);
  assertView({ data, shape: [length], stride: [step], offset }, where);
  return Float32Array.from({ length }, (_, i) => data[offset + i * step]);
}

/** The strides of dense data. */
function denseStride(tensor: TensorLike, where: string): readonly number[] {
  assertDenseLength(tensor, where);
  const [, b, c, d] = tensor.shape;
  return [b * c * d, c * d, d, 1];
}

/** Dense data is neither shorter nor longer than its shape. */
function assertDenseLength({ data, shape, offset = 0 }: TensorLike, where: string): void {
  const size = shape.reduce((product, extent) => product * extent, 1);
  if (data.length - offset === size) return;
  throw convError("argument.shape", {
    where,
    what: "data and shape disagree",
    got: `${data.length - offset} values`,
    wanted: `${size} for [${shape.join(", ")}]`,
    fix: "give the strides too if the data is a part of something larger",
  });
}

/** "float32" for a Float32Array of any realm; the name in lower case for the others. */
function dtypeOf(data: unknown): string {
  const tag = Object.prototype.toString.call(data).slice(8, -1);
  return tag.endsWith("Array") && tag !== "Array" ? tag.slice(0, -"Array".length).toLowerCase() : tag;
}
