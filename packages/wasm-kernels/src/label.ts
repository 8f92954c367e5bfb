import { fieldConstants } from "./fields.ts";
import type { KernelFile, KernelFileName, StripFileName, TransformFileName } from "./files.ts";

/** Name of the custom section by which a kernel file says what it is. */
export const labelSection = "leanconv";

/** What stands in the label of a kernel file, as JSON. */
export interface KernelLabel extends KernelFile {
  readonly name: KernelFileName;
  /** Fingerprint of the parameter blocks that the file reads. */
  readonly layout: string;
  /** Bytes at the start of memory that hold the file's constants; heaps begin behind them. */
  readonly reservedBytes: number;
}

/** The same in a file of tile transforms. */
export interface TransformLabel {
  readonly name: TransformFileName;
  readonly shared: boolean;
  readonly layout: string;
}

/** The same in the file of strips. */
export interface StripLabel {
  readonly name: StripFileName;
  readonly shared: boolean;
  readonly layout: string;
}

/** Raise it when the parameters of an export change: the fingerprint sees only the blocks. */
const exportsVersion = 3;

/** The fingerprint that this package's own files carry: FNV-1a over the names and places of all fields. */
export function kernelLayout(): string {
  let hash = 0x811c9dc5;
  for (const character of fieldConstants()) hash = Math.imul(hash ^ character.charCodeAt(0), 0x01000193);
  return `${exportsVersion}-${(hash >>> 0).toString(16)}`;
}
