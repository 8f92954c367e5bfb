import { affine, type Node, part, phase, type Step } from "@leanconv/gemm";
import { channelVectors, epilogue, type Frame, outputTarget } from "../frame.ts";
import { tapsOf } from "../taps.ts";
import { liveTaps } from "./strips.ts";

/**
 * One GEMM per tap over the tap's window of the image (algorithms.md section 3.7): exactly the useful products, no
 * workspace, any geometry. Whole: each tap a phase. In strips: the tap loop runs inside a block of output rows, which
 * stays in cache while it is updated.
 */
export function windowProgram(frame: Frame, rows: number | undefined): readonly Node[] {
  const { p, x, y, icg, ocg, a, kernels } = frame;
  const live = liveTaps(p);
  // Where no tap touches the image, one of them still has to write the zeros, the bias and the activation.
  const taps =
    live.length > 0
      ? live
      : tapsOf(p)
          .slice(0, 1)
          .map((tap) => ({ ...tap, index: 0 }));
  const strips = rows === undefined ? 1 : Math.ceil(p.oh / rows);
  const steps = taps.map(({ dy, dx, index }, i): Step => {
    const kernel = kernels.kernel({
      ...{ kind: "gemm", dtype: "float32", m: ocg, k: icg, rows: p.oh, cols: p.ow, a },
      b: {
        ...{ kind: "patch", channels: icg, taps: [{ dy, dx }], ih: p.ih, iw: p.iw, sh: p.sh, sw: p.sw },
        ...{ channel: x.c, line: x.h, col: x.w },
      },
      c: outputTarget(frame),
      ...epilogue(p, { first: i === 0, last: i === taps.length - 1 }),
      batch: { count: p.groups, a: 1, b: icg * x.c, c: ocg * y.c, bias: ocg, slopes: ocg },
    });
    const image = rows === undefined ? "part" : "image";
    return {
      kernel,
      ...(rows !== undefined && { rows: { begin: affine(0, { part: rows }), count: rows, limit: p.oh } }),
      at: {
        a: { of: "weights", at: 0, k: { at: index * icg } },
        b: { of: "input", ...affine(0, { [image]: x.n }) },
        c: { of: "output", ...affine(0, { [image]: y.n }) },
        ...channelVectors(p, 0),
      },
    };
  });
  if (rows === undefined) return steps.map((step) => phase(part(p.n, step)));
  return [{ kind: "loop", index: "image", count: p.n, body: [phase(part(strips, ...steps))] }];
}
