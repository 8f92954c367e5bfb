import { realpathSync } from "node:fs";
import { basename } from "node:path";
import { convError } from "@leanconv/core";
import { elfArchitecture } from "./architecture.ts";
import { blisIntegerBits, blisKernel, blisTakesSkx, blisVersion, startBlis } from "./blis.ts";
import { cblasSgemm } from "./cblas.ts";
import { libraryEnvironment, withEnvironment } from "./environment.ts";
import { optionalFunction, textOf } from "./functions.ts";
import type { LibraryKind, LibraryReport } from "./kinds.ts";
import type { Koffi, NativeLibrary } from "./koffi.ts";
import { onednnKernel, onednnSgemm, onednnVersion } from "./onednn.ts";
import { pinLibrary } from "./pin.ts";
import { detectProcessor } from "./processor.ts";
import type { Sgemm } from "./sgemm.ts";
import { knownLibraries } from "./table.ts";

/** A library that can multiply. */
export interface OpenLibrary {
  readonly report: LibraryReport;
  readonly sgemm: Sgemm;
}

/** Functions by which a library is known, the most particular first. */
const marks: readonly (readonly [LibraryKind, string])[] = [
  ["onednn", "dnnl_sgemm"],
  ["openblas", "openblas_get_config"],
  ["blis", "bli_info_get_version_str"],
  ["mkl", "MKL_Set_Num_Threads_Local"],
  ["accelerate", "BLASGetThreading"],
  ["blas", "cblas_sgemm"],
];

/** The loader does not have the file, or cannot load it. */
export class NotLoaded extends Error {}

/**
 * Loads a library into this process, told of the right core and of one thread. `file` is a name for the system's loader,
 * or a path.
 * @throws NotLoaded; `provider.load-failed` for a library that is there but cannot be used
 */
export function openLibrary(koffi: Koffi, file: string, where: string): OpenLibrary {
  const architecture = elfArchitecture(file);
  if (architecture !== undefined && architecture !== process.arch) {
    throw loadFailed(where, "the library is for another architecture", file, architecture, process.arch);
  }
  const guess = kindByName(file);
  const processor = detectProcessor();
  const environment = libraryEnvironment(guess, processor, guess === "blis" && blisTakesSkx(file, processor));
  const library = withEnvironment(environment, () => {
    const loaded = load(koffi, file);
    pinLibrary(koffi, file);
    if (guess === "blis") startBlis(loaded);
    return loaded;
  });
  const kind = marks.find(([, name]) => optionalFunction(library, "void", name, []) !== undefined)?.[0];
  if (kind === undefined) {
    throw loadFailed(where, "the library lacks the symbols that are called", file, "no", "dnnl_sgemm or cblas_sgemm");
  }
  checkIntegers(kind, library, file, where);
  useOneThread(kind, library);
  return { report: reportOf(koffi, kind, library, file), sgemm: sgemmOf(kind, library, file, where) };
}

/** The same library on another thread of the process, which has loaded it. */
export function joinLibrary(koffi: Koffi, { file, kind }: LibraryReport, where: string): Sgemm {
  const library = load(koffi, file);
  useOneThread(kind, library);
  return sgemmOf(kind, library, file, where);
}

function load(koffi: Koffi, file: string): NativeLibrary {
  try {
    return koffi.load(file);
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new NotLoaded(message.replace("Failed to load shared library: ", ""), { cause });
  }
}

/** What a file's name says of its kind, before it can be asked. */
function kindByName(file: string): LibraryKind {
  let path = file;
  try {
    path = realpathSync(file);
  } catch {
    // A name, which only the loader can resolve.
  }
  const name = `${path} ${basename(file)}`.toLowerCase();
  const known: readonly (readonly [RegExp, LibraryKind])[] = [
    ...([
      [/dnnl/, "onednn"],
      [/openblas/, "openblas"],
      [/blis/, "blis"],
    ] as const),
    ...([
      [/mkl/, "mkl"],
      [/accelerate/, "accelerate"],
    ] as const),
  ];
  return known.find(([pattern]) => pattern.test(name))?.[1] ?? "blas";
}

/** A BLAS with 64-bit integers would read half of each from nowhere. */
function checkIntegers(kind: LibraryKind, library: NativeLibrary, file: string, where: string): void {
  const wide =
    (kind === "openblas" && /USE64BITINT/.test(textOf(library, "openblas_get_config"))) ||
    (kind === "blis" && blisIntegerBits(library) !== 32);
  if (wide) throw loadFailed(where, "the library was built for 64-bit integers", file, "64 bits", "32 bits");
}

/** One call is computed by its calling thread alone: the provider's own threads make several of them. */
function useOneThread(kind: LibraryKind, library: NativeLibrary): void {
  const setters: Readonly<Record<LibraryKind, readonly [name: string, parameter: string]>> = {
    onednn: ["omp_set_num_threads", "int"],
    openblas: ["openblas_set_num_threads", "int"],
    blis: ["bli_thread_set_num_threads", "int64_t"],
    mkl: ["MKL_Set_Num_Threads_Local", "int"],
    accelerate: ["BLASSetThreading", "int"],
    blas: ["omp_set_num_threads", "int"],
  };
  const [name, parameter] = setters[kind];
  optionalFunction(library, "void", name, [parameter])?.(1);
}

function sgemmOf(kind: LibraryKind, library: NativeLibrary, file: string, where: string): Sgemm {
  const sgemm = kind === "onednn" ? onednnSgemm(library) : cblasSgemm(library);
  if (sgemm !== undefined) return sgemm;
  throw loadFailed(where, "the library lacks the symbol that is called", file, "no", "cblas_sgemm");
}

function reportOf(koffi: Koffi, kind: LibraryKind, library: NativeLibrary, file: string): LibraryReport {
  const tested = knownLibraries.find((known) => known.kind === kind)?.tested ?? false;
  return { kind, file, tested, ...describe(koffi, kind, library) };
}

function describe(
  koffi: Koffi,
  kind: LibraryKind,
  library: NativeLibrary,
): Pick<LibraryReport, "version" | "kernel" | "threading"> {
  switch (kind) {
    case "onednn":
      return { ...onednnVersion(koffi, library), kernel: onednnKernel(library) };
    case "openblas": {
      const version = /^OpenBLAS (\S+)/.exec(textOf(library, "openblas_get_config"))?.[1] ?? "unknown";
      const parallel = Number(optionalFunction(library, "int", "openblas_get_parallel", [])?.() ?? -1);
      return {
        version,
        kernel: textOf(library, "openblas_get_corename"),
        threading: ["none", "pthreads", "OpenMP"][parallel] ?? "unknown",
      };
    }
    case "blis":
      return { version: blisVersion(library), kernel: blisKernel(library), threading: "its own" };
    default:
      return { version: "unknown", kernel: "", threading: "unknown" };
  }
}

function loadFailed(where: string, what: string, file: string, got: string, wanted: string): Error {
  return convError("provider.load-failed", { where: `${where}, ${file}`, what, got, wanted, details: { file } });
}
