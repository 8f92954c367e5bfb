// Started by core.test.ts: opens the library named by the argument and prints what it is.
import { nativeGemm } from "../../src/index.ts";

const provider = await nativeGemm({ library: process.argv[2] });
console.log(provider.identity);
provider.dispose();
