// Just enough of the binary format to label a module, to see where its constants lie, and to share its memory.

const magicBytes = 8;
const ids = { custom: 0, import: 2, data: 11 } as const;
/** Kinds of imports. */
const [functionImport, memoryImport] = [0, 2];
/** Limits with a maximum, and the same for shared memory. */
const bounded = 1;
const boundedShared = 3;
/** `i32.const` and `end`: a place known when the module was made. */
const [constant, end] = [0x41, 0x0b];

/** Appends a custom section. */
export function withSection(binary: Uint8Array, name: string, text: string): Uint8Array<ArrayBuffer> {
  const encoder = new TextEncoder();
  const [title, content] = [encoder.encode(name), encoder.encode(text)];
  const body = [...leb128(title.length), ...title, ...content];
  return Uint8Array.from([...binary, ids.custom, ...leb128(body.length), ...body]);
}

/**
 * The module with the memory that it imports made shared: the two kinds differ in this one byte, because no kernel needs
 * atomic instructions.
 */
export function withSharedMemory(binary: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const copy = binary.slice();
  const reader = new Reader(copy, ids.import);
  for (let count = reader.number(); count > 0; count--) {
    for (let name = 0; name < 2; name++) reader.skip(reader.number());
    const kind = reader.byte();
    if (kind === functionImport) reader.number();
    else if (kind === memoryImport && copy[reader.at] === bounded) {
      copy[reader.at] = boundedShared;
      return copy;
    } else throw new Error("no bounded memory, but another import");
  }
  throw new Error("no bounded memory is imported");
}

/** One past the last byte of memory that an instance of the module writes when it is made; 0 without constants. */
export function constantsEnd(binary: Uint8Array): number {
  const reader = new Reader(binary, ids.data);
  let last = 0;
  for (let segments = reader.number(); segments > 0; segments--) {
    const isPlaced = reader.byte() === 0 && reader.byte() === constant;
    // Places are small and positive: the signed form is the unsigned one.
    const place = reader.number();
    if (!isPlaced || reader.byte() !== end) throw new Error("a constant without a fixed place");
    const length = reader.number();
    reader.skip(length);
    last = Math.max(last, place + length);
  }
  return last;
}

function leb128(value: number): number[] {
  return value < 128 ? [value] : [(value & 127) | 128, ...leb128(value >>> 7)];
}

/** Reads one section; of a section that is not there, zeros. */
class Reader {
  readonly #binary: Uint8Array;
  at: number = magicBytes;

  constructor(binary: Uint8Array, section: number) {
    this.#binary = binary;
    while (this.at < binary.length) {
      const id = this.byte();
      const size = this.number();
      if (id === section) return;
      this.skip(size);
    }
  }

  byte(): number {
    return this.#binary[this.at++] ?? 0;
  }

  number(): number {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = this.byte();
      value |= (byte & 127) << shift;
      if (byte < 128) return value;
    }
  }

  skip(bytes: number): void {
    this.at += bytes;
  }
}
