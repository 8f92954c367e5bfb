import { convError, exactProduct } from "@leanconv/core";

/** How an image tensor lies in memory, outermost axis first. */
export type ImageLayout = "nchw" | "nhwc";

/** How a filter lies in memory, outermost axis first: o output channels, i input channels of one group, h x w taps. */
export type FilterLayout = "oihw" | "hwio" | "ohwi" | "ihwo";

/** The names of image and filter layouts differ, so that one function can take both. */
export type TensorLayout = ImageLayout | FilterLayout;

export const imageLayouts: readonly ImageLayout[] = ["nchw", "nhwc"];
export const filterLayouts: readonly FilterLayout[] = ["oihw", "hwio", "ohwi", "ihwo"];

/** Four axes in logical order: `[n, c, h, w]` for images, `[o, i, h, w]` for filters, whatever the layout. */
export type LogicalShape = readonly [number, number, number, number];

/** Elements between neighbours along the axes of an image. */
export interface ImageStrides {
  readonly n: number;
  readonly c: number;
  readonly h: number;
  readonly w: number;
}

/** Elements between neighbours along the axes of a filter. */
export interface FilterStrides {
  readonly o: number;
  readonly i: number;
  readonly h: number;
  readonly w: number;
}

/** For each layout, which logical axis stands at each physical place. */
const physicalAxes: Readonly<Record<TensorLayout, LogicalShape>> = {
  nchw: [0, 1, 2, 3],
  nhwc: [0, 2, 3, 1],
  oihw: [0, 1, 2, 3],
  hwio: [2, 3, 1, 0],
  ohwi: [0, 2, 3, 1],
  ihwo: [1, 2, 3, 0],
};

/**
 * The logical axis at each physical place, outermost first: `nhwc` gives [0, 2, 3, 1]. Allocates nothing.
 * @throws `argument.layout`
 */
export function axisOrder(layout: TensorLayout, where = "axisOrder"): LogicalShape {
  assertLayout(layout, [...imageLayouts, ...filterLayouts], where);
  return physicalAxes[layout];
}

/**
 * Strides of a dense image of logical shape `[n, c, h, w]`, in elements. Allocates the result.
 * @throws `argument.rank`, `argument.shape`, `argument.layout`, `argument.overflow`
 */
export function imageStrides(shape: readonly number[], layout: ImageLayout): ImageStrides {
  assertLayout(layout, imageLayouts, "imageStrides");
  const [n, c, h, w] = denseStrides(shape, layout, "imageStrides");
  return { n, c, h, w };
}

/**
 * Strides of a dense filter of logical shape `[o, i, h, w]`, in elements. Allocates the result.
 * @throws `argument.rank`, `argument.shape`, `argument.layout`, `argument.overflow`
 */
export function filterStrides(shape: readonly number[], layout: FilterLayout): FilterStrides {
  assertLayout(layout, filterLayouts, "filterStrides");
  const [o, i, h, w] = denseStrides(shape, layout, "filterStrides");
  return { o, i, h, w };
}

/**
 * From the order in memory to the logical order: a physical `[n, h, w, c]` in `nhwc` gives `[n, c, h, w]`. For images
 * and filters. Allocates the result.
 * @throws `argument.rank`, `argument.shape`, `argument.layout`, `argument.overflow`
 */
export function logicalShape(physical: readonly number[], layout: TensorLayout): LogicalShape {
  const order = axisOrder(layout, "logicalShape");
  const shape = assertShape(physical, "logicalShape");
  const logical: [number, number, number, number] = [0, 0, 0, 0];
  for (let place = 0; place < 4; place++) logical[order[place]] = shape[place];
  return logical;
}

/**
 * From the logical order to the order in memory: a logical `[o, i, h, w]` in `hwio` gives `[h, w, i, o]`. For images
 * and filters. Allocates the result.
 * @throws `argument.rank`, `argument.shape`, `argument.layout`, `argument.overflow`
 */
export function physicalShape(logical: readonly number[], layout: TensorLayout): LogicalShape {
  const [a, b, c, d] = axisOrder(layout, "physicalShape");
  const shape = assertShape(logical, "physicalShape");
  return [shape[a], shape[b], shape[c], shape[d]];
}

/** Dense strides in logical order, for images and filters. */
export function denseStrides(shape: readonly number[], layout: TensorLayout, where: string): LogicalShape {
  const order = axisOrder(layout, where);
  assertShape(shape, where);
  const strides: [number, number, number, number] = [0, 0, 0, 0];
  let stride = 1;
  for (let place = 3; place >= 0; place--) {
    strides[order[place]] = stride;
    stride *= shape[order[place]];
  }
  return strides;
}

/** Four whole numbers whose product is exact. */
export function assertShape(shape: readonly number[], where: string): LogicalShape {
  if (shape.length !== 4) {
    throw convError("argument.rank", { where, what: "four axes, with a batch of 1 if need be", got: shape });
  }
  if (!shape.every((size) => Number.isSafeInteger(size) && size >= 0)) {
    throw convError("argument.shape", { where, what: "sizes that are not whole numbers of at least 0", got: shape });
  }
  exactProduct(where, ...shape);
  return shape as LogicalShape;
}

/** @throws `argument.layout` naming the known ones */
export function assertLayout(layout: string, known: readonly string[], where: string): void {
  if (!known.includes(layout)) {
    throw convError("argument.layout", { where, what: "an unknown layout", got: layout, wanted: known.join(" or ") });
  }
}
