import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { KernelVariant } from "@leanconv/wasm-kernels";
import { calibrate, type GemmProvider } from "leanconv";
import { announceMachine } from "../harness/machine.ts";
import { progress } from "../harness/progress.ts";
import { openProvider } from "../providers.ts";

const folder = join(import.meta.dirname, "..", "..", "..", "packages", "planner", "src", "cost", "profiles");

export interface ProfileOptions {
  readonly provider: string;
  readonly variant: KernelVariant;
  readonly threads: number;
  readonly seconds: number;
}

/** Measures the constants that are shipped for a provider, on synthetic shapes alone, and writes their source file. */
export async function writeProfile(options: ProfileOptions): Promise<void> {
  announceMachine();
  const provider = await openProvider(options.provider, options);
  try {
    const { threads, seconds } = options;
    let said = 0;
    const profile = await calibrate(provider, {
      ...{ threads, seconds },
      onProgress(done, total) {
        if (done < total && done < said + total / 10) return;
        said = done;
        progress(`${provider.identity}: ${done} of ${total} samples`);
      },
    });
    const digits = (_key: string, value: unknown): unknown =>
      typeof value === "number" ? Number(value.toPrecision(4)) : value;
    const name = fileName(provider);
    mkdirSync(folder, { recursive: true });
    writeFileSync(
      join(folder, `${name}.ts`),
      `import type { MachineProfile } from "../machine-profile.ts";

// Written by \`npm run bench -- profile --provider ${options.provider}\` and \`npm run format\`, from synthetic shapes alone.

export const ${camelCase(name)}Profile: MachineProfile = ${JSON.stringify(profile, digits)};
`,
    );
  } finally {
    provider.dispose();
  }
}

/** Native libraries have constants of their own. */
function fileName({ name, identity }: GemmProvider): string {
  return name === "native" ? identity.split("-", 2).join("-") : name;
}

function camelCase(name: string): string {
  return name.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());
}
