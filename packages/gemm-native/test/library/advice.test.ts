import { expect, test } from "vitest";
import { installAdvice } from "../../src/library/advice.ts";

test.each([
  ["linux", 'ID=debian\nVERSION_ID="12"\n', /apt install libdnnl/],
  ["linux", 'ID=linuxmint\nID_LIKE="ubuntu debian"\n', /apt install/],
  ["linux", 'ID="rocky"\nID_LIKE="rhel centos fedora"\n', /dnf install onednn/],
  ["linux", "ID=arch\n", /pacman -S onednn/],
  ["linux", "ID=alpine\n", /apk add/],
  ["linux", "", /install the package of oneDNN/],
  ["darwin", "", /brew install onednn/],
  ["win32", "", /path of its library/],
] as const)("%s %j", (platform, release, advice) => {
  expect(installAdvice(platform, release)).toMatch(advice);
});
