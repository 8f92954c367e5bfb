import { clearLane, copyLane, copyPanel } from "./copy-panel.ts";
import { nr } from "./tile.ts";

/**
 * A block of a plain B into panels at `target`: `count` columns, `depth` rows of distance `stride` from `source`.
 * `pixels` holds the distance of every column from the first element. Columns behind the last become zeros.
 */
export function packPlainB(
  memory: Float32Array,
  source: number,
  stride: number,
  depth: number,
  pixels: Int32Array,
  count: number,
  target: number,
): void {
  for (let j = 0; j < count; j += nr) {
    if (j + nr <= count) {
      const s0 = source + pixels[j];
      const s1 = source + pixels[j + 1];
      const s2 = source + pixels[j + 2];
      const s3 = source + pixels[j + 3];
      copyPanel(memory, s0, s1, s2, s3, stride, target, depth);
    } else {
      for (let lane = 0; lane < nr; lane++) {
        if (j + lane < count) copyLane(memory, source + pixels[j + lane], stride, target + lane, depth);
        else clearLane(memory, target + lane, depth);
      }
    }
    target += nr * depth;
  }
}
