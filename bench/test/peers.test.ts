import { jsGemm, parseProblem } from "leanconv";
import { afterAll, describe, expect, test } from "vitest";
import { layerValues } from "../src/layer-values.ts";
import { maxError } from "../src/networks/max-error.ts";
import { openWithValues, outputValues } from "../src/networks/open-layer.ts";
import { peersInstalled } from "../src/peers/install.ts";
import { peerNames } from "../src/peers/names.ts";
import type { Peer } from "../src/peers/peer.ts";
import { openPeer } from "../src/peers/peers.ts";
import { openRemotePeer } from "../src/peers/remote-peer.ts";

const problems = [
  "ic3ih9iw8oc4kh3sh2ph1+bias+relu",
  "ic4ih6oc4kh3ph1g4+bias+relu6",
  "ic5ih7oc6kh1+bias",
  "ic2ih9oc3kh3dh2+relu",
];

/** Our output of a layer, which the tests of the algorithms have checked. */
async function wanted(problem: string): Promise<Float32Array> {
  const p = parseProblem(problem);
  const layouts = { inputLayout: "nchw", outputLayout: "nchw" } as const;
  const chosen = { algorithm: "implicit-gemm", variant: { form: "implicit", parameters: {}, ...layouts } };
  using provider = jsGemm();
  using layer = await openWithValues({ problem: p, chosen }, layerValues(p), provider, 1);
  layer.run();
  return outputValues(layer);
}

async function outputOf(peer: Peer, problem: string): Promise<Float32Array> {
  const p = parseProblem(problem);
  const layer = await peer.open(p, layerValues(p));
  await layer.contender.warm(0, 0);
  expect(await layer.contender.sample()).toBeGreaterThan(0);
  const output = await layer.output();
  await layer.dispose();
  return output;
}

const where = peersInstalled() ? "" : " (skipped: the peers are not installed, see bench/README.md)";

describe.skipIf(!peersInstalled()).each(peerNames)(`%s${where}`, (name) => {
  test.each(problems)("computes what we compute: %s", async (problem) => {
    const peer = await openPeer(name, 1);
    expect(maxError(await outputOf(peer, problem), await wanted(problem))).toBeLessThan(1e-5);
    peer.dispose();
  });
});

describe.skipIf(!peersInstalled())(`a peer in a process of its own${where}`, async () => {
  const remote = peersInstalled() ? await openRemotePeer("onnxruntime-web", 1) : undefined;
  afterAll(() => remote?.dispose());

  test("answers as one here does", async () => {
    expect(remote?.version).toMatch(/^\d+\.\d+\.\d+$/);
    const output = await outputOf(remote!, problems[0]);
    expect(maxError(output, await wanted(problems[0]))).toBeLessThan(1e-5);
  });

  test("passes errors on", async () => {
    const p = parseProblem("ic2ih5oc3kh3+tanh");
    await expect(remote!.open(p, layerValues(p))).rejects.toThrow("tanh");
  });
});

test("a peer that nobody knows is refused by name", async () => {
  await expect(openPeer("caffe", 1)).rejects.toThrow("onnxruntime-web");
});
