import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import type { Answer } from './answer.ts';

/**
 * Sends an answer, as fast as the client takes it. The first data is waited for before the head is sent, so that a
 * failure up to there is still an answer of its own; one that comes later is thrown, and the caller must destroy the
 * connection: the client has to see that the answer is not whole.
 */
export async function send(response: ServerResponse, answer: Answer, headOnly: boolean): Promise<void> {
  const { status, headers, body } = answer;
  if (typeof body === 'string') {
    response.writeHead(status, { ...headers, 'content-length': String(Buffer.byteLength(body)) });
    response.end(headOnly ? undefined : body);
    return;
  }
  if (headOnly) {
    response.writeHead(status, headers);
    response.end();
    return;
  }
  const parts = body[Symbol.asyncIterator]();
  try {
    const first = [await parts.next(), await parts.next(), await parts.next()];
    response.writeHead(status, headers);
    for (const part of first) if (!part.done) await write(response, part.value);
    for (let part = await parts.next(); !part.done; part = await parts.next())
      await write(response, part.value);
    response.end();
  } finally {
    await parts.return?.();
  }
}

async function write(response: ServerResponse, part: Uint8Array | string): Promise<void> {
  if (response.destroyed) throw new DOMException('the client is gone', 'AbortError');
  if (part.length > 0 && !response.write(part)) await drained(response);
}

/** Resolves when there is room again, or when nobody reads any more. */
async function drained(response: ServerResponse): Promise<void> {
  const settled = new AbortController();
  try {
    await Promise.race([
      once(response, 'drain', { signal: settled.signal }),
      once(response, 'close', { signal: settled.signal }),
    ]);
  } finally {
    settled.abort();
  }
}
