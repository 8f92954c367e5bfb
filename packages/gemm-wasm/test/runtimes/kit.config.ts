import { join } from "node:path";
import { playwright } from "@vitest/browser-playwright";
import { defineConfig } from "vitest/config";

/** Path of a Chromium to run in, absent: in this Node; whether its page is isolated; the files, with commas between. */
const { KIT_CHROMIUM, KIT_ISOLATED, KIT_FILES = "runtimes/kit-smoke.ts" } = process.env;
const headers = {
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
  "Cross-Origin-Resource-Policy": "same-origin",
};
const conditions = ["@leanconv/source", "module", "import", ...(KIT_CHROMIUM ? ["browser"] : ["node"]), "default"];
const args = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync"];
const browser = {
  enabled: true,
  headless: true,
  screenshotFailures: false,
  provider: playwright({ launchOptions: { ...(KIT_CHROMIUM && { executablePath: KIT_CHROMIUM }), args } }),
  instances: [{ browser: "chromium" as const }],
};

export default defineConfig({
  root: join(import.meta.dirname, ".."),
  cacheDir: `node_modules/.vite-${KIT_ISOLATED ? "isolated" : "open"}`,
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: conditions } },
  server: { ...(KIT_ISOLATED && { headers }), fs: { strict: false } },
  plugins: [
    {
      name: "isolation",
      configureServer(server) {
        server.middlewares.use((_request, response, next) => {
          if (KIT_ISOLATED) for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
          next();
        });
      },
    },
  ],
  test: {
    include: KIT_FILES.split(","),
    testTimeout: 60_000,
    reporters: ["json"],
    ...(KIT_CHROMIUM && { browser }),
  },
});
