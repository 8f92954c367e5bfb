/**
 * The word that stands wherever nothing may be read or written: a NaN with a payload, so that reading it poisons a sum
 * and overwriting it shows, even with another NaN.
 */
export const guardWord = 0x7fc5eed5;

/** The memory as words, which compare NaNs and signed zeros by their bits. */
export function wordsOf(memory: Float32Array): Uint32Array {
  return new Uint32Array(memory.buffer, memory.byteOffset, memory.length);
}

/** A float32 array of guard words. */
export function guardArray(elements: number): Float32Array {
  const memory = new Float32Array(elements);
  wordsOf(memory).fill(guardWord);
  return memory;
}
