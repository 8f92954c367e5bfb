// Run in a process of its own: prints which core BLIS takes with the variables of this process, which ends it where BLIS
// was built without that core. Arguments: the module koffi, the library.
import { argv } from "node:process";
import type { Koffi } from "./koffi.ts";

const [, , module, file] = argv;
const { default: koffi } = (await import(module)) as { default: Koffi };
const library = koffi.load(file);
library.func("void bli_init(void)")();
const core = library.func("int bli_arch_query_id(void)")();
console.log(library.func("const char* bli_arch_string(int)")(core));
