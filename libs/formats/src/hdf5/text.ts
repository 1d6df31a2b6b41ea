const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const latin1 = new TextDecoder('latin1');

/**
 * Text of names and attributes. HDF5 knows ASCII and UTF-8 only, but older programs wrote Latin-1 and called it ASCII:
 * bytes that are no UTF-8 are read as such rather than refused.
 */
export function decodeText(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes);
  } catch {
    return latin1.decode(bytes);
  }
}
