import { bindConv2d, parseProblem, prepareWeights, requirements, type ConvAlgorithm } from "@leanconv/conv";
import { implicitGemm } from "@leanconv/conv-implicit-gemm";
import { winogradF2, winogradF4 } from "@leanconv/conv-winograd";
import { wasmGemm } from "@leanconv/gemm-wasm";
import { imageView, filterView } from "@leanconv/tensor";
const layers = (process.argv[2] ?? "64:224,128:112,256:56,512:28,512:14").split(",");
const layouts = (process.argv[3] ?? "nchw,nhwc").split(",") as ("nchw"|"nhwc")[];
const variant = (process.argv[4] ?? "relaxed") as "relaxed";
const provider = await wasmGemm({ variant });
const cpu = () => { const { user } = process.threadCpuUsage(); return user / 1000; };
for (const text of layers) {
  const [c, s, o = c] = text.split(":").map(Number);
  const p = parseProblem(`ic${c}ih${s}oc${o}kh3ph1+bias+relu`);
  for (const layout of layouts) {
    const cases: [string, ConvAlgorithm, number][] = [["implicit", implicitGemm, 0], ["f2", winogradF2, 1024], ["f4", winogradF4, 1024]];
    const runs: { name: string; run: () => void; ws: number; times: number[]; prep: number; per?: Record<string, number> }[] = [];
    const heap = await provider.createHeap(400 << 20);
    const xs = heap.allocate(4 * c * s * s), ys = heap.allocate(4 * o * s * s);
    for (let i = 0; i < xs.float32.length; i++) xs.float32[i] = Math.random() - 0.5;
    const filter = new Float32Array(9 * c * o).map(() => Math.random() - 0.5);
    for (const [name, algorithm, kib] of cases) {
      const offers = algorithm.variants(p, { inputLayout: layout });
      const offer = offers.find(({ variant: v }) => v.parameters.boundKib === kib) ?? offers.at(-1)!;
      const program = algorithm.program(p, offer.variant, provider);
      const needs = requirements(program, provider, 1);
      const t0 = cpu();
      const weights = prepareWeights(program, provider, heap, { filter: filterView(filter, [o, c, 3, 3], "oihw"), bias: new Float32Array(o) });
      const prep = cpu() - t0;
      const workspace = heap.allocate(needs.workspaceBytes);
      const input = imageView(xs.float32, [1, c, s, s], layout), output = imageView(ys.float32, [1, o, s, s], layout);
      const bound = bindConv2d(program, provider, weights, { input, output, ...(needs.workspaceBytes && { workspace }) });
      // per kernel
      runs.push({ name, run: () => bound.run(), ws: needs.workspaceBytes, times: [], prep });
      if (process.argv[5] && kib) {
        const per: Record<string, number> = {};
        const wrapped = { ...provider, compile: (d: any, h: any) => { const k = provider.compile(d, h); const key = d.kind === "gemm" ? "gemm" : d.to; return { run(call: any) { const a = performance.now(); k.run(call); per[key] = (per[key] ?? 0) + performance.now() - a; } }; } };
        const { bindProgram } = await import("@leanconv/gemm");
        const b2 = bindProgram(program, wrapped as never, { heap, operands: { input: { data: xs.float32, offset: 0 }, output: { data: ys.float32, offset: 0 }, weights: { data: weights.weights.float32, offset: 0 }, bias: { data: weights.bias!.float32, offset: 0 }, slopes: { data: ys.float32, offset: 0 } }, workspace });
        b2.run(); b2.run(); for (const k in per) per[k] = 0;
        for (let i = 0; i < 5; i++) b2.run();
        for (const k in per) per[k] /= 5;
        runs.at(-1)!.per = per;
      }
    }
    for (const r of runs) { r.run(); r.run(); }
    const reps = 5;
    for (let i = 0; i < reps; i++) for (const r of runs) { const a = cpu(); r.run(); r.times.push(cpu() - a); }
    const med = (t: number[]) => t.sort((a, b) => a - b)[t.length >> 1];
    const base = med(runs[0].times);
    console.log(text, layout, runs.map((r) => `${r.name} ${med(r.times).toFixed(2)}ms x${(base / med(r.times)).toFixed(2)} ${(r.ws / 1024).toFixed(0)}K prep ${r.prep.toFixed(0)}${r.per ? " " + Object.entries(r.per).map(([k, v]) => `${k}=${v.toFixed(2)}`).join(" ") : ""}`).join(" | "));
    heap.dispose();
  }
}
provider.dispose();
