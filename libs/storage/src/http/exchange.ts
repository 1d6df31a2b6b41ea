import type { IncomingHttpHeaders } from 'node:http';
import type { Dispatcher } from 'undici';
import { cancelled } from '../cancelled.ts';

export interface HttpRequest {
  method: 'GET' | 'HEAD';
  url: string;
  headers: Record<string, string>;
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

const headersTimeout = 30_000;
const bodyTimeout = 30_000;

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
  return new Promise((resolve, reject) => {
    let answer: HttpAnswer | undefined;
    let kept = 0;
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
        headersTimeout,
        bodyTimeout,
      },
      {
        onRequestStart(started) {
          controller = started;
          if (signal?.aborted) started.abort(cancelled(signal));
        },
        onResponseStart(_controller, status, headers) {
          if (status < 200) return;
          const room = status === 206 ? wantedBytes : keptOfErrors;
          answer = { status, headers, body: new Uint8Array(room), cutOff: false };
        },
        onResponseData(current, chunk) {
          const { body } = answer!;
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
