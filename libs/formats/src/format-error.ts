import { HyperslabError } from '@hyperslab/errors';

/** A file that breaks its format's specification at a byte. `expected` and `found` are phrases: "the magic CDF", "a length of 7". */
export function formatCorrupt(
  url: string,
  offset: number,
  expected: string,
  found: string,
  cause?: unknown,
): HyperslabError {
  return new HyperslabError(
    'FORMAT_CORRUPT',
    `${url} at byte ${offset}: expected ${expected}, found ${found}; the file is damaged or was cut off: copy or write it again`,
    { url, offset: String(offset), expected, found },
    cause,
  );
}

/** A file that is whole but uses something that is not read here. `what` is a phrase: "filter 32015 (zstd)". */
export function formatUnsupported(url: string, offset: number, what: string, advice: string): HyperslabError {
  return new HyperslabError(
    'FORMAT_UNSUPPORTED',
    `${url} at byte ${offset}: ${what} is not supported; ${advice}`,
    { url, offset: String(offset), found: what },
  );
}
