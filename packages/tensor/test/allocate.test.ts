import { Heap } from "@leanconv/core";
import {
  allocateTensor,
  crop,
  filterLayoutOf,
  filterView,
  imageLayouts,
  imageView,
  layoutOf,
  reorder,
  stage,
} from "@leanconv/tensor";
import { expect, test } from "vitest";
import { codeOf } from "./codes.ts";
import { counting, guard, valuesOf } from "./reference.ts";

const heap = (bytes: number) => new Heap(new ArrayBuffer(bytes), { provider: "test", alignBytes: 16 });

test.each(imageLayouts)("a tensor takes its bytes of the heap, aligned: %s", (layout) => {
  const memory = heap(1024);
  const view = allocateTensor(memory, [1, 3, 5, 7], layout);
  expect(memory.usedBytes).toBe(432);
  expect(view.data.buffer).toBe(memory.buffer);
  expect(view.data.length).toBe(105);
  expect(layoutOf(view)).toBe(layout);
  expect(allocateTensor(memory, [1, 1, 1, 1]).data.byteOffset).toBe(432);
});

test("filters, and tensors of nothing", () => {
  const memory = heap(1024);
  expect(filterLayoutOf(allocateTensor(memory, [5, 3, 3, 3], "hwio"))).toBe("hwio");
  expect(allocateTensor(memory, [0, 3, 5, 7]).data.length).toBe(0);
});

test("a full heap, a wrong shape, an unknown layout", () => {
  const memory = heap(400);
  expect(codeOf(() => allocateTensor(memory, [1, 3, 5, 7], "nchw", "image"))).toBe("resource.out-of-memory");
  expect(() => allocateTensor(memory, [1, 3, 5, 7], "nchw", "image")).toThrow(/image/);
  expect(codeOf(() => allocateTensor(memory, [3, 5, 7]))).toBe("argument.rank");
  expect(codeOf(() => allocateTensor(memory, [1, -3, 5, 7]))).toBe("argument.shape");
  expect(codeOf(() => allocateTensor(memory, [1, 3, 5, 7], "chwn" as "nchw"))).toBe("argument.layout");
  expect(codeOf(() => allocateTensor(memory, [2 ** 18, 2 ** 18, 2 ** 15, 1]))).toBe("argument.overflow");
  expect(memory.usedBytes).toBe(0);
  memory.dispose();
  expect(codeOf(() => allocateTensor(memory, [1, 1, 1, 1]))).toBe("state.disposed");
});

test("stage copies and keeps the layout, or takes the one asked for", () => {
  const memory = heap(8192);
  const image = imageView(counting(105), [1, 3, 5, 7], "nhwc");
  const staged = stage(image, memory);
  expect(staged.data.buffer).toBe(memory.buffer);
  expect(layoutOf(staged)).toBe("nhwc");
  expect(valuesOf(staged)).toEqual(valuesOf(image));
  expect(layoutOf(stage(image, memory, "nchw"))).toBe("nchw");
  expect(layoutOf(stage(crop(image, 1, 0, 2), memory))).toBe("nchw");
  const filter = filterView(counting(135), [5, 3, 3, 3], "hwio");
  expect(filterLayoutOf(stage(filter, memory))).toBe("oihw");
  expect(valuesOf(stage(filter, memory, "ohwi"))).toEqual(valuesOf(filter));
  expect(codeOf(() => stage({ ...image, shape: [3], stride: [1] }, memory))).toBe("argument.rank");
});

test("neighbours in the heap stay untouched", () => {
  const memory = heap(4096);
  memory.float32.fill(guard);
  const tensor = allocateTensor(memory, [1, 3, 5, 7], "nhwc");
  const next = allocateTensor(memory, [1, 3, 5, 7], "nchw");
  reorder(imageView(counting(105), [1, 3, 5, 7], "nchw"), tensor);
  expect(next.data.every((word) => word === guard)).toBe(true);
  expect(memory.float32.filter((word) => word !== guard).length).toBe(105);
});
