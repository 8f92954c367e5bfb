import { expect, test, vi } from "vitest";
import { nativeGemm } from "../src/index.ts";

vi.mock("koffi", () => {
  throw new Error("Cannot find package 'koffi'");
});

test("without koffi the error says what to install", async () => {
  const wanted = { code: "provider.load-failed", message: expect.stringMatching(/koffi.*npm install koffi/) };
  await expect(nativeGemm()).rejects.toThrowError(expect.objectContaining(wanted));
});
