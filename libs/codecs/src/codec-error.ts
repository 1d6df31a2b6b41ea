import { HyperslabError } from '@hyperslab/errors';

/** Stored bytes that a codec can't have written. */
export function codecCorrupt(
  codec: string,
  expected: string,
  found: string,
  cause?: unknown,
): HyperslabError {
  return new HyperslabError(
    'FORMAT_CORRUPT',
    `codec "${codec}": expected ${expected}, found ${found}; the chunk is damaged: copy or write its file again`,
    { codec, expected, found },
    cause,
  );
}

/** Stored bytes whose checksum is another one than the stored checksum. */
export function checksumMismatch(
  codec: string,
  expected: string,
  found: string,
  cause?: unknown,
): HyperslabError {
  return new HyperslabError(
    'CHECKSUM_MISMATCH',
    `codec "${codec}": expected checksum ${expected}, found ${found}; the chunk is damaged: copy or write its file again`,
    { codec, expected, found },
    cause,
  );
}

/** A codec or a parameter of one that is not known here. */
export function codecUnsupported(codec: string, what: string): HyperslabError {
  return new HyperslabError(
    'FORMAT_UNSUPPORTED',
    `codec "${codec}": ${what}; write the data again with deflate, shuffle or without compression`,
    { codec },
  );
}
