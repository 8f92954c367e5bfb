import { nativeGemm } from "@leanconv/gemm-native";
import { convError, firstAvailable, type GemmProvider, jsGemm, referenceGemm, wasmGemm } from "leanconv";

/** How providers are opened, by the name that --provider takes. */
const openers: Readonly<Record<string, (threads: number) => GemmProvider | Promise<GemmProvider>>> = {
  wasm: (threads) => wasmGemm({ threads }),
  native: (threads) => nativeGemm({ threads }),
  js: () => jsGemm(),
  reference: () => referenceGemm(),
  /** The fastest that can be opened here; plans and results name it. */
  auto: (threads) => firstAvailable([() => nativeGemm({ threads }), () => wasmGemm({ threads }), () => jsGemm()]),
};

export const providerNames: readonly string[] = Object.keys(openers);
/** Those that are a provider of their own. */
export const ownNames: readonly string[] = providerNames.filter((name) => name !== "auto");

/** Opens a provider, with fewer threads where it cannot have as many. @throws `argument.name`, `provider.load-failed` */
export async function chooseProvider(name: string, threads = 1): Promise<GemmProvider> {
  if (!Object.hasOwn(openers, name)) {
    const wanted = providerNames.join(", ");
    throw convError("argument.name", { where: "--provider", what: "there is no such provider", got: name, wanted });
  }
  return openers[name](threads);
}
