// Just enough of the binary format to label a module and to change the type of its memory.

const magicBytes = 8;
const customSection = 0;
const importSection = 2;
/** Limits with a maximum, and the same for shared memory. */
const bounded = 1;
const boundedShared = 3;

/** Appends a custom section. */
export function withSection(binary: Uint8Array, name: string, text: string): Uint8Array {
  const encoder = new TextEncoder();
  const [title, content] = [encoder.encode(name), encoder.encode(text)];
  const body = [...leb128(title.length), ...title, ...content];
  return Uint8Array.from([...binary, customSection, ...leb128(body.length), ...body]);
}

/**
 * The module with its only import, a memory, made shared: the two kinds differ in this one byte, because no kernel
 * needs atomic instructions.
 */
export function withSharedMemory(binary: Uint8Array): Uint8Array {
  const copy = binary.slice();
  let at = magicBytes;
  while (copy[at] !== importSection) {
    const { value, next } = readLeb128(copy, at + 1);
    at = next + value;
  }
  const { next: section } = readLeb128(copy, at + 1);
  const { value: count, next: first } = readLeb128(copy, section);
  let flags = first;
  for (let name = 0; name < 2; name++) {
    const { value, next } = readLeb128(copy, flags);
    flags = next + value;
  }
  const isMemory = copy[flags++] === 2;
  if (count !== 1 || !isMemory || copy[flags] !== bounded)
    throw new Error("a memory with a maximum must be the only import");
  copy[flags] = boundedShared;
  return copy;
}

function leb128(value: number): number[] {
  return value < 128 ? [value] : [(value & 127) | 128, ...leb128(value >>> 7)];
}

function readLeb128(binary: Uint8Array, at: number): { readonly value: number; readonly next: number } {
  let value = 0;
  for (let shift = 0; ; shift += 7) {
    const byte = binary[at++];
    value |= (byte & 127) << shift;
    if (byte < 128) return { value, next: at };
  }
}
