import { readFileSync } from "node:fs";

const byDistribution: readonly (readonly [id: RegExp, advice: string])[] = [
  [/\b(debian|ubuntu)\b/, "apt install libdnnl3 (libdnnl2 before Debian 13), or libopenblas0-pthread"],
  [/\b(fedora|rhel|centos)\b/, "dnf install onednn, or openblas"],
  [/\barch\b/, "pacman -S onednn, or openblas"],
  [/\balpine\b/, "apk add onednn, or openblas"],
  [/\bsuse\b/, "zypper install libdnnl3, or libopenblas0"],
];

/** Which package to install on this system. */
export function installAdvice(
  platform: NodeJS.Platform = process.platform,
  release: string = platform === "linux" ? osRelease() : "",
): string {
  if (platform === "darwin") return "brew install onednn, or openblas";
  if (platform !== "linux") return "install oneDNN or OpenBLAS, and give the path of its library";
  const ids = [...release.matchAll(/^ID(?:_LIKE)?="?([^"\n]*)"?$/gm)].map(([, words]) => words).join(" ");
  return byDistribution.find(([id]) => id.test(ids))?.[1] ?? "install the package of oneDNN or of OpenBLAS";
}

function osRelease(): string {
  try {
    return readFileSync("/etc/os-release", "utf8");
  } catch {
    return "";
  }
}
