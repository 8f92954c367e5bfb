import { closeSync, openSync, readSync } from "node:fs";

// e_machine of an ELF header, in the words of `process.arch`.
const machines: Readonly<Record<number, string>> = {
  ...{ 3: "ia32", 40: "arm", 62: "x64", 183: "arm64", 243: "riscv64", 21: "ppc64", 22: "s390x", 258: "loong64" },
};

/** The architecture an ELF file is for; undefined for other files, and for those that cannot be read. */
export function elfArchitecture(file: string): string | undefined {
  const header = Buffer.alloc(20);
  try {
    const descriptor = openSync(file, "r");
    try {
      if (readSync(descriptor, header, 0, header.length, 0) < header.length) return undefined;
    } finally {
      closeSync(descriptor);
    }
  } catch {
    return undefined;
  }
  if (header.toString("latin1", 0, 4) !== "\x7fELF") return undefined;
  const machine = header[5] === 2 ? header.readUInt16BE(18) : header.readUInt16LE(18);
  return machines[machine] ?? `ELF machine ${machine}`;
}
