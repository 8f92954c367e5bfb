/** Where a value holds something that JSON does not keep, as a path; undefined for plain data. */
export function notPlain(value: unknown, path = "it"): string | undefined {
  if (typeof value === "number") return Number.isFinite(value) ? undefined : `${path} is ${value}`;
  if (typeof value === "string" || typeof value === "boolean") return undefined;
  if (typeof value !== "object" || value === null) return `${path} is ${String(value)}`;
  const prototype = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== Array.prototype) return `${path} is not a plain object`;
  for (const [name, inner] of Object.entries(value)) {
    const found = notPlain(inner, `${path}.${name}`);
    if (found) return found;
  }
  return undefined;
}
