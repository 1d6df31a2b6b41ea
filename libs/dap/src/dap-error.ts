import { HyperslabError } from '@hyperslab/errors';

/** An answer that breaks the protocol. `expected` and `found` are phrases: "a declaration of \"t\"", "the end of the text". */
export function dapCorrupt(url: string, expected: string, found: string, cause?: unknown): HyperslabError {
  return new HyperslabError(
    'FORMAT_CORRUPT',
    `${url}: expected ${expected}, found ${found}; the server's answer is damaged, or no OPeNDAP: try again, or check the URL`,
    { url, expected, found },
    cause,
  );
}

/** An answer that has what was asked for, but not as it was described. */
export function dapDiffers(url: string, expected: string, found: string): HyperslabError {
  return new HyperslabError(
    'FORMAT_CORRUPT',
    `${url}: expected ${expected}, found ${found}; the server's answer is damaged: try again, or it was replaced: publish it again`,
    { url, expected, found },
  );
}

/** An answer that ends before its values do. */
export function dapShort(url: string, expected: string, found: number): HyperslabError {
  return new HyperslabError(
    'SHORT_READ',
    `${url}: expected ${expected}, found an answer that ends after ${found} bytes; it was cut off: try again`,
    { url, expected, found: String(found) },
  );
}

/** The beginning of an answer that is something else, for an error message. */
export function beginningOf(bytes: Uint8Array): string {
  if (bytes.length === 0) return 'an empty answer';
  const text = Buffer.from(bytes.subarray(0, 256)).toString('latin1').trimStart();
  if (/^(<!doctype html|<html)/i.test(text)) return 'an HTML page';
  const line = text.split(/[\r\n]/, 1)[0].slice(0, 60);
  return `"${line.replace(/[^ -~]/g, '.')}"`;
}
