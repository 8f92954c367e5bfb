/**
 * The addresses of a heap's elements. Numbers of this size are objects to the engine, and making one for every operand of
 * every call would allocate in `run`; a program uses the same few places again and again, so each is made once.
 */
export class Addresses {
  readonly #base: number;
  readonly #known = new Map<number, number>();

  /** `base` is the address of the heap's first byte. */
  constructor(base: number) {
    this.#base = base;
  }

  /** Of an element, counted from the start of the heap. */
  at(element: number): number {
    return this.#known.get(element | 0) ?? this.#add(element | 0);
  }

  #add(element: number): number {
    const address = this.#base + 4 * element;
    this.#known.set(element, address);
    return address;
  }
}
