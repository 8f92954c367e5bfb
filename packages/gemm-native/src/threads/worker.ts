// What a worker of the pool runs.
import { KernelCrew, servePool } from "@leanconv/wasm-runtime";
import { nativeKernelAt } from "../kernel.ts";
import { loadKoffi } from "../library/koffi.ts";
import { joinLibrary } from "../library/open-library.ts";
import type { Sgemm } from "../library/sgemm.ts";
import { Addresses } from "../product/addresses.ts";
import { nativeForm } from "../product/forms.ts";
import type { CrewSetup } from "./setup.ts";

const koffi = await loadKoffi("thread");
let sgemm: Sgemm | undefined;

servePool(
  (place) =>
    new KernelCrew(place, (kernels, setup) => {
      const { report, rules } = setup as CrewSetup;
      sgemm ??= joinLibrary(koffi, report, "thread");
      const { strips } = kernels.wasm;
      if (strips === undefined) throw new Error("the kernels of strips were not sent");
      const library = { sgemm, strips, addresses: new Addresses(Number(koffi.address(kernels.float32))) };
      return {
        packedForm: (pack) => nativeForm(pack, rules.tile),
        kernelAt: (descriptor, table) => nativeKernelAt(descriptor, table, kernels, library, rules),
      };
    }),
);
