/** What a pool sends to its threads; the first body is a welcome. */
export interface Envelope {
  readonly id: number;
  readonly body: unknown;
}

export interface Welcome {
  readonly buffer: SharedArrayBuffer;
  readonly spins: number;
  readonly thread: number;
  readonly threads: number;
}

/** What a thread sends back: any number of news, then one result or failure. */
export type Answer =
  | { readonly id: number; readonly news: unknown }
  | { readonly id: number; readonly result: unknown }
  | { readonly id: number; readonly failure: string };
