/** Bytes in one frame: large enough for throughput, and well below any client's default limit of 4 MiB. */
const frameBytes = 1024 * 1024;

/** Views of consecutive parts of at most a frame; none for no bytes. */
export function* splitFrames(bytes: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += frameBytes) {
    yield bytes.subarray(at, Math.min(bytes.length, at + frameBytes));
  }
}
