/** Zeros. The engine's own fill of shared memory goes element by element. */
export function clear(at: usize, bytes: u32): void {
  memory.fill(at, 0, bytes);
}
