import { defineConfig } from "vitest/config";

// Tests run the sources: this condition of every package's exports leads to src, so no build can be stale.
const conditions = ["@leanconv/source", "module", "import", "node", "default"];

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: conditions } },
  test: {
    // Inherited by the worker threads that tests start, which Node resolves by itself.
    execArgv: ["--conditions=@leanconv/source"],
    include: [
      "packages/*/test/**/*.test.ts",
      "apps/*/test/**/*.test.ts",
      "bench/test/**/*.test.ts",
      "tooling/test/**/*.test.ts",
    ],
    // Generous, for slow and busy machines: no test measures time.
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // The JSON report is what CI counts from.
    reporters: ["default", "json"],
    outputFile: { json: "reports/vitest.json" },
  },
});
