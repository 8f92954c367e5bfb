// What npm users would receive: packs every public package and lets publint and "are the types wrong" judge the tarballs.

import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { checkPackage, createPackageFromTarballData } from "@arethetypeswrong/core";
import { filterProblems, problemKindInfo } from "@arethetypeswrong/core/problems";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { type PackedPackage, packPublicPackages } from "./pack.ts";

/** ESM only by decision: the resolutions of old Node and of `require` are none of our business. */
const RESOLUTIONS = ["node16-esm", "bundler"] as const;

/** The CLI has a command and no entry to import. */
const hasTypes = ({ manifest }: PackedPackage) => Object.hasOwn(manifest.exports ?? {}, ".");

async function complaintsAbout(one: PackedPackage): Promise<string[]> {
  const tarball = new Uint8Array(readFileSync(one.tarball));
  const { messages, pkg } = await publint({ pack: { tarball: tarball.buffer }, level: "warning", strict: true });
  const complaints = messages.map((message) => `publint: ${formatMessage(message, pkg)}`);
  const { packedLimitBytes = Number.POSITIVE_INFINITY } = one.manifest.leanconv ?? {};
  if (tarball.length > packedLimitBytes) complaints.push(`${tarball.length} bytes packed, limit ${packedLimitBytes}`);
  if (!hasTypes(one)) return complaints;

  const analysis = await checkPackage(createPackageFromTarballData(tarball));
  if (!analysis.types) return [...complaints, "attw: no types found"];
  const problems = RESOLUTIONS.flatMap((resolutionKind) => filterProblems(analysis, { resolutionKind }));
  const titles = problems.map((problem) => {
    const where = "entrypoint" in problem ? ` (${problem.entrypoint})` : "";
    return `attw: ${problemKindInfo[problem.kind].title}${where}`;
  });
  return [...complaints, ...new Set(titles)];
}

const destination = mkdtempSync(join(tmpdir(), "leanconv-publish-"));
try {
  const packed = packPublicPackages(destination);
  let failed = 0;
  for (const one of packed) {
    const complaints = await complaintsAbout(one);
    for (const complaint of complaints) console.error(`${one.manifest.name}: ${complaint}`);
    if (complaints.length > 0) failed++;
  }
  console.log(`${packed.length} packages packed, ${failed} with complaints`);
  process.exitCode = failed > 0 ? 1 : 0;
} finally {
  rmSync(destination, { recursive: true });
}
