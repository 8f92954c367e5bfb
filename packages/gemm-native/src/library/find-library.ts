import { convError, isConvError } from "@leanconv/core";
import { installAdvice } from "./advice.ts";
import type { LibraryKind, LibraryReport } from "./kinds.ts";
import { type Koffi, loadKoffi } from "./koffi.ts";
import { NotLoaded, type OpenLibrary, openLibrary } from "./open-library.ts";
import { selfCheck } from "./self-check.ts";
import { type KnownLibrary, knownLibraries } from "./table.ts";

/** Names a library or a file where no option does. */
export const libraryVariable = "LEANCONV_BLAS";

/** Every variable with which a user chooses a library, or its kernels. */
export const libraryVariables: readonly string[] = [libraryVariable, "OPENBLAS_CORETYPE", "BLIS_ARCH_TYPE"];

/**
 * Opens the wanted library, or the first of the table that this system has. A name of the table restricts the search to
 * it, anything else is a file.
 * @throws `provider.load-failed`
 */
export async function findLibrary(wish: string | undefined, where: string): Promise<OpenLibrary> {
  const koffi = await loadKoffi(where);
  const wanted = wish ?? (process.env[libraryVariable] || undefined);
  const known = knownLibraries.filter(({ kind }) => wanted === undefined || kind === wanted);
  if (wanted !== undefined && known.length === 0) return openFile(koffi, wanted, where);
  for (const one of known) {
    const opened = openFirst(koffi, one, where);
    if (opened !== undefined) return opened;
  }
  throw convError("provider.load-failed", {
    where,
    what: wanted === undefined ? "this system has no library that multiplies matrices" : `this system has no ${wanted}`,
    got: `none of ${known.flatMap(filesOf).join(", ") || `the names of ${process.platform}`}`,
    fix: `${installAdvice()}; or name a file in ${libraryVariable}`,
  });
}

/** A library that is there and cannot be used. */
export interface UnusableLibrary {
  readonly kind: LibraryKind;
  readonly problem: string;
}

/** Every library of the table that this process can load, and why the others that are there cannot be used. */
export async function listLibraries(): Promise<readonly (LibraryReport | UnusableLibrary)[]> {
  const where = "listLibraries";
  const koffi = await loadKoffi(where);
  return knownLibraries.flatMap((known): readonly (LibraryReport | UnusableLibrary)[] => {
    try {
      const opened = openFirst(koffi, known, where);
      return opened === undefined ? [] : [opened.report];
    } catch (error) {
      if (!isConvError(error)) throw error;
      return [{ kind: known.kind, problem: error.message }];
    }
  });
}

const filesOf = ({ files }: KnownLibrary): readonly string[] => files[process.platform] ?? [];

function openFirst(koffi: Koffi, known: KnownLibrary, where: string): OpenLibrary | undefined {
  for (const file of filesOf(known)) {
    try {
      return checked(koffi, openLibrary(koffi, file, where), where);
    } catch (error) {
      if (!(error instanceof NotLoaded)) throw error;
    }
  }
  return undefined;
}

function openFile(koffi: Koffi, file: string, where: string): OpenLibrary {
  try {
    return checked(koffi, openLibrary(koffi, file, where), where);
  } catch (error) {
    if (!(error instanceof NotLoaded)) throw error;
    const names = knownLibraries.map(({ kind }) => kind).join(", ");
    throw convError("provider.load-failed", {
      ...{ where: `${where}, ${file}`, what: "the library cannot be loaded", got: error.message },
      ...{ wanted: `a shared library, or one of ${names}`, cause: error, details: { file } },
    });
  }
}

function checked(koffi: Koffi, library: OpenLibrary, where: string): OpenLibrary {
  const problem = selfCheck(koffi, library.sgemm);
  if (problem === undefined) return library;
  throw convError("provider.load-failed", {
    where: `${where}, ${library.report.file}`,
    what: "the library multiplies wrongly, so it is built for other integers or calls than expected",
    got: problem,
  });
}
