/** A number as it stands in results: digits beyond these are noise. */
export function round(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
