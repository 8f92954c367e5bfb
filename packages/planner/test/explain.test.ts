import { im2col } from "@leanconv/conv-im2col";
import { implicitGemm } from "@leanconv/conv-implicit-gemm";
import { referenceGemm } from "@leanconv/gemm";
import { expect, test } from "vitest";
import { formatVariant, linearCostModel, planLayers } from "../src/index.ts";
import { vggLayers } from "./layers.ts";

// Round numbers of the test's own, so that a new fit of the shipped constants changes nothing here.
const rates = { nchw: 1e9, nhwc: 1e9 };
const model = linearCostModel({
  name: "round numbers",
  flopsPerSecond: { plain: { nchw: 2e9, nhwc: 2e9 }, patch: rates, panels: { nchw: 2.2e9, nhwc: 2.2e9 } },
  halfRateDepth: 10,
  callSeconds: 1e-6,
  bytesPerSecond: { contiguous: 4e9, scattered: 1e9 },
  updateBytesPerSecond: 8e9,
});
const plan = planLayers(vggLayers, {
  algorithms: [im2col, implicitGemm],
  provider: referenceGemm(),
  budget: { workspaceBytes: 600_000 },
  model,
});

test("a plan of four layers of VGG-16 reads as a table", () => {
  expect(plan.explain()).toMatchInlineSnapshot(`
    "provider reference, 1 thread, at most 586 KiB of workspace, accuracy standard, cost model round numbers
    layer    problem                                         algorithm  form            workspace    packed  predicted
    -------  ----------------------------------------------  ---------  --------------  ---------  --------  ---------
    conv1_1  ic3ih224iw224oc64kh3kw3pt1pb1pl1pr1+bias+relu   im2col     panels rows=10    236 KiB     7 KiB     111 ms
    conv1_2  ic64ih224iw224oc64kh3kw3pt1pb1pl1pr1+bias+relu  im2col     panels rows=1     504 KiB   144 KiB    1770 ms
    conv3_2  ic256ih56iw56oc256kh3kw3pt1pb1pl1pr1+bias+relu  im2col     panels rows=1     504 KiB  2.25 MiB    1704 ms
    conv5_3  ic512ih14iw14oc512kh3kw3pt1pb1pl1pr1+bias+relu  im2col     panels rows=1     288 KiB     9 MiB     424 ms
    -------  ----------------------------------------------  ---------  --------------  ---------  --------  ---------
    total                                                                                 504 KiB  11.4 MiB    4008 ms"
  `);
});

test("a layer reads as all its candidates, each with its reason", () => {
  expect(plan.explain("conv1_2")).toMatchInlineSnapshot(`
    "conv1_2  ic64ih224iw224oc64kh3kw3pt1pb1pl1pr1+bias+relu
    provider reference, 1 thread, at most 586 KiB of workspace, accuracy standard, cost model round numbers
    algorithm      form           workspace   packed  predicted  status                    why
    -------------  -------------  ---------  -------  ---------  ------------------------  ------------------------------------------------
    im2col         panels rows=1    504 KiB  144 KiB    1770 ms  chosen                    least predicted time
    im2col         strip rows=1     504 KiB  144 KiB    1941 ms  eligible                  171 ms slower than the chosen one
    implicit-gemm  implicit             0 B  144 KiB    3764 ms  eligible                  1994 ms slower than the chosen one
    im2col         panels rows=2   1008 KiB  144 KiB    1769 ms  resource.workspace-limit  1008 KiB of workspace, over the limit of 586 KiB
    im2col         strip rows=2    1008 KiB  144 KiB    1940 ms  resource.workspace-limit  1008 KiB of workspace, over the limit of 586 KiB
    im2col         panels rows=8   3.94 MiB  144 KiB    1769 ms  resource.workspace-limit  3.94 MiB of workspace, over the limit of 586 KiB
    im2col         strip rows=8    3.94 MiB  144 KiB    1940 ms  resource.workspace-limit  3.94 MiB of workspace, over the limit of 586 KiB
    im2col         full             110 MiB  144 KiB    1940 ms  resource.workspace-limit  110 MiB of workspace, over the limit of 586 KiB
    im2col         pointwise              -        -          -  unsupported.kernel        needs a 1x1 kernel, not 3x3"
  `);
});

test("a layer that is not there is an error that lists those that are", () => {
  expect(() => plan.explain("conv9")).toThrow(/conv9, wanted conv1_1, conv1_2, conv3_2, conv5_3.*argument\.name/);
});

test("a form that is named like its parameter does not repeat the name", () => {
  const layouts = { inputLayout: "nchw", outputLayout: "nchw" } as const;
  expect(formatVariant({ form: "rows", parameters: { rows: 2 }, ...layouts })).toBe("rows/2");
  expect(formatVariant({ form: "strip", parameters: { rows: 8 }, ...layouts })).toBe("strip rows=8");
  expect(formatVariant({ form: "full", parameters: {}, ...layouts })).toBe("full");
});
