/** Bytes to read: `0 B`, `512 B`, `64 KiB`, `1.3 MiB`. Three digits at most, so that budgets read as they were given. */
export function formatBytes(bytes: number): string {
  if (!Number.isFinite(bytes)) return "no limit";
  let value = bytes;
  for (const unit of ["B", "KiB", "MiB", "GiB"]) {
    if (value < 1024 || unit === "GiB") return `${unit === "B" ? value : threeDigits(value)} ${unit}`;
    value /= 1024;
  }
  return `${bytes} B`;
}

/** Seconds to read, as milliseconds: `0.004 ms`, `1.25 ms`, `380 ms`. */
export function formatSeconds(seconds: number): string {
  const ms = seconds * 1000;
  return `${ms >= 100 ? ms.toFixed(0) : ms >= 10 ? ms.toFixed(1) : ms >= 1 ? ms.toFixed(2) : ms.toFixed(3)} ms`;
}

function threeDigits(value: number): string {
  const text = value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2);
  return text.includes(".") ? text.replace(/\.?0+$/, "") : text;
}
