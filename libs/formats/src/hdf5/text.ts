const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * Text of names and attributes. HDF5 knows ASCII and UTF-8 only, but older programs wrote Latin-1 and called it ASCII:
 * bytes that are no UTF-8 are read as such rather than refused.
 */
export function decodeText(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes);
  } catch {
    // Not TextDecoder, whose "latin1" is Windows-1252.
    return Buffer.from(bytes).toString('latin1');
  }
}
