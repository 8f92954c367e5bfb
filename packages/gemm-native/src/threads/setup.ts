import type { LibraryReport } from "../library/kinds.ts";
import type { ProductRules } from "../product/plan-product.ts";

/** What the other threads are sent: the library that the process has loaded, and how products are cut. */
export interface CrewSetup {
  readonly report: LibraryReport;
  readonly rules: ProductRules;
}
