import { toNdarray } from "@leanconv/tensor/ndarray";
import { expect, test } from "vitest";
import { conv2d, crop, flip, imageView, permute, type TensorLike, toLayout } from "../src/index.ts";
import { oracle, plain, tensor } from "./oracle.ts";

const image = tensor([1, 3, 9, 8], 21);
const filter = tensor([4, 3, 3, 3], 22);

/** The same elements, dense. */
function dense(view: Required<TensorLike>): TensorLike {
  return toLayout({ ...view, stride: view.stride!, offset: view.offset! }, "nchw");
}

test("an ndarray is taken as it stands, whatever its strides", async () => {
  const nd = toNdarray(imageView(image.data, image.shape));
  const views = {
    "as it lies": nd,
    cropped: nd.lo(0, 1, 2, 1).hi(1, 2, 6, 6),
    flipped: nd.step(1, 1, -1, -1),
    "every second column": nd.step(1, 1, 1, 2),
    transposed: nd.transpose(0, 1, 3, 2),
  };
  for (const [name, view] of Object.entries(views)) {
    const taps = tensor([4, view.shape[1], 3, 3], 23);
    const input = dense({ data: view.data, shape: [...view.shape], stride: [...view.stride], offset: view.offset });
    expect(plain(await conv2d(view, taps, { padding: 1 })), name).toEqual(plain(oracle(input, taps, { padding: 1 })));
  }
});

test("axes stand in the layout's order: a canvas is nhwc with a stride over alpha", async () => {
  const canvas = tensor([9, 8, 4], 24);
  const rgb = { data: canvas.data, shape: [1, 9, 8, 3], stride: [288, 32, 4, 1], offset: 0 };
  const packed = Float32Array.from({ length: 9 * 8 * 3 }, (_, at) => canvas.data[Math.floor(at / 3) * 4 + (at % 3)]);
  const got = await conv2d(rgb, filter, { inputLayout: "nhwc" });
  expect(got.shape).toEqual([1, 7, 6, 4]);
  const wanted = oracle({ data: packed, shape: [1, 9, 8, 3] }, filter, { inputLayout: "nhwc" });
  expect(plain(got)).toEqual(plain(wanted));
});

test("a filter may be flipped, cropped and transposed too, and repeated by a stride of 0", async () => {
  const taps = imageView(filter.data, filter.shape);
  const views = [flip(flip(taps, 2), 3), crop(crop(taps, 0, 1, 2), 3, 1, 2), permute(taps, [0, 1, 3, 2])];
  for (const view of views) {
    const plainTaps = dense(view);
    expect(plain(await conv2d(image, view))).toEqual(plain(oracle(image, plainTaps)));
  }
  const ones = { data: Float32Array.of(1), shape: [2, 3, 3, 3], stride: [0, 0, 0, 0] };
  const same = { data: new Float32Array(54).fill(1), shape: [2, 3, 3, 3] };
  expect(plain(await conv2d(image, ones))).toEqual(plain(oracle(image, same)));
});
