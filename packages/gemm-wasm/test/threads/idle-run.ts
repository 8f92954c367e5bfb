// Started by process.test.ts: runs on several threads, of several providers, and ends without disposing them.
import { wasmGemm } from "../../src/index.ts";
import { bindExample } from "./programs.ts";

for (const threads of [2, 3]) {
  const provider = await wasmGemm({ threads });
  const example = await bindExample(provider, threads);
  example.run();
  await example.runAsync();
}
console.log("ran");
