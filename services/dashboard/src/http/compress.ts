import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

/** Encodings that we answer in. */
export type Encoding = 'br' | 'gzip' | 'identity';

/** Bytes that are not worth it: their head would be as long. */
const smallest = 1024;
/** Of values that change with each slice: quick. Of files that are sent again and again: small; 11 would take seconds. */
const levels = { quick: 4, small: 9 };

const [brotli, zip] = [promisify(brotliCompress), promisify(gzip)];

/** The best encoding that a client takes; the order of its wishes does not matter. */
export function chooseEncoding(accepted: string | null | undefined, length: number): Encoding {
  if (length < smallest) return 'identity';
  return takesEncoding(accepted, 'br') ? 'br' : takesEncoding(accepted, 'gzip') ? 'gzip' : 'identity';
}

/** Whether an Accept-Encoding names an encoding, and not to refuse it. */
export function takesEncoding(accepted: string | null | undefined, name: Encoding): boolean {
  return (accepted ?? '').split(',').some((part) => {
    const [coding, ...parameters] = part.split(';').map((each) => each.trim());
    return coding === name && !parameters.some((each) => /^q=0(\.0*)?$/.test(each));
  });
}

/** Bytes in an encoding. */
export async function compress(
  bytes: Uint8Array,
  encoding: Encoding,
  effort: keyof typeof levels,
): Promise<Uint8Array> {
  if (encoding === 'identity') return bytes;
  if (encoding === 'gzip') return zip(bytes, { level: levels[effort] });
  const params = { [constants.BROTLI_PARAM_QUALITY]: levels[effort] };
  return brotli(bytes, { params });
}
