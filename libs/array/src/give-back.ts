/** Smaller memory may be one that others have a part of: Node makes small buffers from a common one. */
const leastBytes = 256 * 1024;

/**
 * Gives memory of large bytes back at once; all views of it are empty afterwards. Left to the collector it would wait until a whole heap has been
 * marked for it, on pages that are new each time (measured: ten times the processor time of using the same again). What is small or shared is left
 * to the collector.
 */
export function giveBack({ buffer }: { readonly buffer: ArrayBufferLike }): void {
  if (buffer instanceof ArrayBuffer && buffer.byteLength >= leastBytes) buffer.transfer(0);
}
