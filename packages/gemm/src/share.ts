/** Start of share `part` of `parts` of `total`, in multiples of `granule`; share `parts` starts at `total`. */
export function shareStart(total: number, part: number, parts: number, granule = 1): number {
  if (part >= parts) return total;
  const units = Math.ceil(total / granule);
  return Math.min(total, Math.floor((units * part) / parts) * granule);
}
