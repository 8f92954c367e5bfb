// Scatters a piece of a filter into panels.

/**
 * The block at `d`: the width and the bytes of a panel, then three axes, the innermost last, each with its extent, its
 * steps in source and target in bytes, and its step in columns of panels. The piece begins at `column`.
 */
export function pack(d: usize, from: usize, to: usize, column: i32): void {
  const width = load<i32>(d);
  const panel = load<i32>(d, 4);
  const n = load<i32>(d, 40);
  const ds = <usize>load<i32>(d, 44);
  const dt = <usize>load<i32>(d, 48);
  const dc = load<i32>(d, 52);
  for (let i = 0; i < load<i32>(d, 8); i++) {
    for (let j = 0; j < load<i32>(d, 24); j++) {
      const c = column + i * load<i32>(d, 20) + j * load<i32>(d, 36);
      let s = from + <usize>(i * load<i32>(d, 12) + j * load<i32>(d, 28));
      let t = to + <usize>(i * load<i32>(d, 16) + j * load<i32>(d, 32) + c / width * panel);
      let lane = c % width;
      for (let l = 0; l < n; l++) {
        store<f32>(t + (<usize>lane << 2), load<f32>(s));
        s += ds;
        t += dt;
        lane += dc;
        if (lane >= width) {
          t += <usize>(lane / width * panel);
          lane %= width;
        }
      }
    }
  }
}
