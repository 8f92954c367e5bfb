/**
 * The product as a textbook writes it: row-major, i-j-k, a double for the sum, down a column of B for every element.
 * What `naiveRatio` divides; it gets arrays of its own, and of a patch the matrix ready made.
 */
export function naiveProduct(a: Float32Array, b: Float32Array, c: Float32Array, m: number, n: number, k: number): void {
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < n; j++) {
      let sum = 0;
      for (let p = 0; p < k; p++) sum += a[i * k + p] * b[p * n + j];
      c[i * n + j] = sum;
    }
  }
}
