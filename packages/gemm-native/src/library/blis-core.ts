// Run in a process of its own: prints which core BLIS takes with the variables of this process, which ends it where BLIS
// was built without that core. The argument is the library. Imports nothing of ours, so that it runs however it is started.
import koffi from "koffi";

const library = koffi.load(process.argv[2]);
library.func("void bli_init(void)")();
const core = library.func("int bli_arch_query_id(void)")();
console.log(library.func("const char* bli_arch_string(int)")(core));
