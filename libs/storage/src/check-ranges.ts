import { HyperslabError } from '@hyperslab/errors';
import { shortRead } from './object-errors.ts';
import type { ByteRange } from './store.ts';

/** Throws INVALID_ARGUMENT for a range that is no run of bytes: every source says the same to it. */
export function checkRanges(url: string, ranges: readonly ByteRange[]): void {
  for (const { offset, length } of ranges) {
    const exact = Number.isSafeInteger(offset) && Number.isSafeInteger(length);
    if (!exact || offset < 0 || length < 0 || !Number.isSafeInteger(offset + length)) {
      throw new HyperslabError(
        'INVALID_ARGUMENT',
        `${url}: expected a range of whole, non-negative offset and length, found offset ${offset} and length ${length}`,
        { url, offset: String(offset) },
      );
    }
  }
}

/** Throws SHORT_READ for a range past the end, before memory is taken for what can't be there. */
export function checkWithin(url: string, ranges: readonly ByteRange[], size: number): void {
  for (const range of ranges) {
    if (range.offset + range.length > size) throw shortRead(url, range, Math.max(0, size - range.offset));
  }
}
