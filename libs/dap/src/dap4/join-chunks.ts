import { decodeText } from '../answer-cursor.ts';
import { beginningOf, dapCorrupt, dapShort } from '../dap-error.ts';
import { errorIn, type ServerError } from '../error-answer.ts';

/** A data answer of DAP4 without its framing. */
export interface JoinedAnswer {
  /** The DMR of what was asked for. */
  dmr: string;
  /** Values and checksums. */
  payload: Uint8Array;
  littleEndian: boolean;
  /** The server says that there are no checksums. */
  unchecked: boolean;
  /** An error that the server met; what came before it is worth nothing. */
  error?: ServerError;
}

const lastChunk = 1;
const errorChunk = 2;
const littleEndianChunk = 4;
const uncheckedChunk = 8;

/**
 * Takes the chunks of an answer apart (DAP4, volume 1, section 8.2): each has a byte of flags, three of its length, and as many
 * bytes; the first holds the DMR. Nothing may follow the last one. Throws FORMAT_CORRUPT and SHORT_READ.
 */
export function joinChunks(url: string, answer: Uint8Array): JoinedAnswer {
  const whole = errorIn(answer);
  if (whole !== undefined) return failed(whole);
  if (answer[0] > 15) throw dapCorrupt(url, 'an answer of DAP4', beginningOf(answer));
  const parts: Uint8Array[] = [];
  let flags = 0;
  let first: Uint8Array | undefined;
  let firstFlags = 0;
  for (let at = 0; (flags & lastChunk) === 0; ) {
    if (at + 4 > answer.length) throw dapShort(url, 'the header of another chunk', answer.length);
    flags = answer[at];
    const length = (answer[at + 1] << 16) | (answer[at + 2] << 8) | answer[at + 3];
    if (flags > 15) throw dapCorrupt(url, `flags of the chunk at byte ${at}`, String(flags));
    const chunk = answer.subarray(at + 4, at + 4 + length);
    if (chunk.length < length) throw dapShort(url, `a chunk of ${length} bytes`, answer.length);
    at += 4 + length;
    if ((flags & errorChunk) !== 0)
      return failed(errorIn(chunk) ?? { code: 0, message: decodeText(chunk.subarray(0, 300)) });
    if (first === undefined) [first, firstFlags] = [chunk, flags];
    else if (chunk.length > 0) parts.push(chunk);
    if ((flags & lastChunk) !== 0 && at < answer.length) {
      throw dapCorrupt(
        url,
        `the end behind the last chunk, at byte ${at}`,
        `${answer.length - at} more bytes`,
      );
    }
  }
  return {
    dmr: decodeText(first ?? new Uint8Array()),
    payload: parts.length === 1 ? parts[0] : Buffer.concat(parts),
    littleEndian: (firstFlags & littleEndianChunk) !== 0,
    unchecked: (firstFlags & uncheckedChunk) !== 0,
  };
}

function failed(error: ServerError): JoinedAnswer {
  return { dmr: '', payload: new Uint8Array(), littleEndian: true, unchecked: true, error };
}
