import { accessSync, constants, mkdirSync, realpathSync, statSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { convError } from "leanconv";
import writeFileAtomic from "write-file-atomic";

/** That a file can be written, before what takes long is begun for it. @throws `argument.name` */
export function checkWritable(where: string, path: string): void {
  try {
    const there = statSync(path, { throwIfNoEntry: false });
    if (there?.isDirectory()) throw new Error("it is a folder");
    if (there) accessSync(path, constants.W_OK);
    // What takes its place is made beside it; devices and pipes stay.
    if (!there || there.isFile()) accessSync(dirname(there ? realpathSync(path) : path), constants.W_OK);
  } catch (cause) {
    throw unwritable(where, path, cause);
  }
}

/** Writes all of a file, or leaves it as it was. @throws `argument.name` */
export function writeFile(where: string, path: string, text: string): void {
  try {
    if (statSync(path, { throwIfNoEntry: false })?.isFile() ?? true) writeFileAtomic.sync(path, text);
    else writeFileSync(path, text);
  } catch (cause) {
    throw unwritable(where, path, cause);
  }
}

/** Makes a folder and those above it, where there is none. @throws `argument.name` */
export function makeFolder(where: string, path: string): void {
  try {
    mkdirSync(path, { recursive: true });
  } catch (cause) {
    throw unwritable(where, path, cause);
  }
}

function unwritable(where: string, got: string, cause: unknown): Error {
  return convError("argument.name", { where, what: `cannot be written: ${(cause as Error).message}`, got, cause });
}
