// The one function of ndarray-ops that is used here; the library ships no types.
declare module "ndarray-ops" {
  /** Copies element by element; both are ndarrays of one shape. */
  export function assign<T>(target: T, source: T): T;
}
