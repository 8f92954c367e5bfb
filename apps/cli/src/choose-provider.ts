import { convError, type GemmProvider, jsGemm, referenceGemm, wasmGemm } from "leanconv";

/** How providers are opened, by the name that --provider takes. */
const openers: Readonly<Record<string, () => GemmProvider | Promise<GemmProvider>>> = {
  wasm: () => wasmGemm(),
  js: () => jsGemm(),
  reference: () => referenceGemm(),
};

export const providerNames: readonly string[] = Object.keys(openers);

/** Opens a provider. @throws `argument.name`, `provider.load-failed` */
export async function chooseProvider(name: string): Promise<GemmProvider> {
  if (!Object.hasOwn(openers, name)) {
    const wanted = providerNames.join(", ");
    throw convError("argument.name", { where: "--provider", what: "there is no such provider", got: name, wanted });
  }
  return openers[name]();
}
