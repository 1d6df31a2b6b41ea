import type { IncomingHttpHeaders } from 'node:http';
import type { Dispatcher } from 'undici';
import { cancelled } from '../cancelled.ts';

export interface HttpRequest {
  method: 'GET' | 'HEAD';
  url: string;
  headers: Record<string, string>;
  /**
   * An answer of status 200 is wanted, up to so many bytes; without this, ranges are. It may be long in coming, as its server makes it:
   * the signal must have a deadline.
   */
  wholeBytes?: number;
}

export interface HttpAnswer {
  status: number;
  headers: IncomingHttpHeaders;
  /** Bytes of the body that were received and kept. */
  body: Uint8Array;
  /** There was more than was kept. */
  cutOff: boolean;
}

// Of an answer that is not the wanted bytes, as much as an error message needs.
const keptOfErrors = 4 * 1024;

// An answer whose length is not told gets memory as it comes.
const firstRoom = 64 * 1024;

/** How long a server may send nothing. */
const silenceMs = 30_000;

/**
 * One request and its answer, whose body goes straight into memory of the wanted length. undici's `dispatch` costs half
 * of what its `request` does. A body that does not end where it should is cut off: no more is received.
 */
export function exchange(
  dispatcher: Dispatcher,
  request: HttpRequest,
  wantedBytes: number,
  signal?: AbortSignal,
): Promise<HttpAnswer> {
  const { origin, pathname, search } = new URL(request.url);
  // 0 is no limit.
  const timeout = request.wholeBytes === undefined ? silenceMs : 0;
  return new Promise((resolve, reject) => {
    let answer: HttpAnswer | undefined;
    let kept = 0;
    let most = 0;
    let controller: Dispatcher.DispatchController | undefined;
    const stop = () => {
      const error = cancelled(signal!);
      finish(() => reject(error));
      controller?.abort(error);
    };
    const finish = (settle: () => void) => {
      signal?.removeEventListener('abort', stop);
      settle();
    };
    const succeed = (result: HttpAnswer) =>
      finish(() => resolve({ ...result, body: result.body.subarray(0, kept) }));
    if (signal?.aborted) {
      reject(cancelled(signal));
      return;
    }
    signal?.addEventListener('abort', stop, { once: true });
    dispatcher.dispatch(
      {
        origin,
        path: pathname + search,
        method: request.method,
        headers: request.headers,
        headersTimeout: timeout,
        bodyTimeout: timeout,
      },
      {
        onRequestStart(started) {
          controller = started;
          if (signal?.aborted) started.abort(cancelled(signal));
        },
        onResponseStart(_controller, status, headers) {
          if (status < 200) return;
          most = status === 206 ? wantedBytes : keptOfErrors;
          if (status === 200 && request.wholeBytes !== undefined) most = request.wholeBytes;
          const told = Number(headers['content-length'] ?? firstRoom);
          const room = status === 206 ? most : Math.min(most, Number.isSafeInteger(told) ? told : firstRoom);
          answer = { status, headers, body: new Uint8Array(room), cutOff: false };
        },
        onResponseData(current, chunk) {
          const { body } = withRoom(answer!, kept + chunk.length, most);
          const fitting = chunk.subarray(0, body.length - kept);
          body.set(fitting, kept);
          kept += fitting.length;
          if (fitting.length < chunk.length) {
            answer!.cutOff = true;
            succeed(answer!);
            current.abort(new Error('more bytes than were asked for'));
          }
        },
        onResponseEnd: () => succeed(answer!),
        onResponseError(_controller, error) {
          // The bytes that did arrive tell a connection that was cut from one that was never made.
          if (answer?.status === 206) succeed({ ...answer, cutOff: false });
          else finish(() => reject(signal?.aborted ? cancelled(signal) : error));
        },
      },
    );
  });
}

/** The answer with memory for so many bytes of its body, of which no more than `most` are kept. */
function withRoom(answer: HttpAnswer, bytes: number, most: number): HttpAnswer {
  const { body } = answer;
  if (bytes > body.length && body.length < most) {
    answer.body = new Uint8Array(Math.min(most, Math.max(bytes, 2 * body.length)));
    answer.body.set(body);
  }
  return answer;
}
