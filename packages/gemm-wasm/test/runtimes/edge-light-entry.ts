import { wasmGemm } from "leanconv";
import { runSqueezenet } from "./squeezenet.ts";

const provider = await wasmGemm({ threads: 2 });
const { identity, capabilities } = provider;
console.log(`RESULT ${JSON.stringify({ identity, ...capabilities.threading, ...(await runSqueezenet(provider)) })}`);
