import type { ConvProblem } from "leanconv";

/** A problem in a few characters, for tables that are read by eye: `64->192 3x3/2 p1 g2 @56x56`. Not for parsing. */
export function shortProblem(p: ConvProblem): string {
  const pair = (h: number, w: number): string => (h === w ? `${h}` : `${h}x${w}`);
  const parts = [`${p.ic}->${p.oc}`, `${p.kh}x${p.kw}${p.sh * p.sw > 1 ? `/${pair(p.sh, p.sw)}` : ""}`];
  if (p.dh * p.dw > 1) parts.push(`d${pair(p.dh, p.dw)}`);
  const even = p.pt === p.pb && p.pl === p.pr;
  if (p.pt + p.pb + p.pl + p.pr > 0) parts.push(even ? `p${pair(p.pt, p.pl)}` : `p${p.pt},${p.pb},${p.pl},${p.pr}`);
  if (p.groups > 1) parts.push(`g${p.groups}`);
  if (p.n > 1) parts.push(`n${p.n}`);
  parts.push(`@${pair(p.ih, p.iw)}`);
  return parts.join(" ");
}
