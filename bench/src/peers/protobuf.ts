// As much of the Protocol Buffers wire format as a small ONNX model takes: a message is a list of fields.

type Field = Uint8Array;

const varint = 0;
const lengthDelimited = 2;

function encodeVarint(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  do {
    bytes.push((rest % 128) + (rest >= 128 ? 128 : 0));
    rest = Math.floor(rest / 128);
  } while (rest > 0);
  return bytes;
}

export function integer(field: number, value: number): Field {
  return Uint8Array.from([...encodeVarint(8 * field + varint), ...encodeVarint(value)]);
}

export function bytes(field: number, value: Uint8Array): Field {
  const head = [...encodeVarint(8 * field + lengthDelimited), ...encodeVarint(value.length)];
  const encoded = new Uint8Array(head.length + value.length);
  encoded.set(head);
  encoded.set(value, head.length);
  return encoded;
}

export function text(field: number, value: string): Field {
  return bytes(field, new TextEncoder().encode(value));
}

export function message(field: number, ...fields: readonly Field[]): Field {
  return bytes(field, concatenate(fields));
}

/** The message at the root, which has no field number. */
export function concatenate(fields: readonly Field[]): Uint8Array {
  const all = new Uint8Array(fields.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const field of fields) {
    all.set(field, at);
    at += field.length;
  }
  return all;
}
