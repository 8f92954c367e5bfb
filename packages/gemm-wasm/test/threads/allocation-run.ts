// Started by process.test.ts: prints the bytes of JavaScript heap that one run on two threads takes.
import { bytesPerRun } from "@leanconv/testing";
import { wasmGemm } from "../../src/index.ts";
import { bindExample } from "./programs.ts";

const provider = await wasmGemm({ threads: 2 });
const example = await bindExample(provider, 2, 3);
console.log(bytesPerRun(() => example.run()));
