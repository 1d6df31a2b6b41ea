import { asHyperslabError, httpStatus } from '@hyperslab/errors';
import { chooseEncoding, compress } from './compress.ts';

/** A version is never changed: what was read of one may be kept for an hour. */
const ofVersion = 'private, max-age=3600';

/** How an answer may be kept. */
export interface AnswerOptions {
  request: Request;
  /** It follows from a dataset version and the URL alone. */
  isImmutable?: boolean;
}

/** An answer in JSON. */
export function answerJson(content: unknown, options: AnswerOptions): Promise<Response> {
  return answerBytes(new TextEncoder().encode(JSON.stringify(content)), 'application/json', options);
}

/** An answer of bytes, compressed for clients that take that. */
export async function answerBytes(
  bytes: Uint8Array,
  mediaType: string,
  { request, isImmutable }: AnswerOptions,
): Promise<Response> {
  const encoding = chooseEncoding(request.headers.get('accept-encoding'), bytes.length);
  const body = (await compress(bytes, encoding, 'quick')) as Uint8Array<ArrayBuffer>;
  return new Response(body, {
    headers: {
      'content-type': mediaType,
      'content-length': String(body.length),
      'cache-control': isImmutable ? ofVersion : 'no-store',
      vary: 'accept-encoding',
      ...(encoding !== 'identity' && { 'content-encoding': encoding }),
    },
  });
}

/** A failure as JSON: `{error: {code, message, details}}`, as the command prints it. */
export function answerError(thrown: unknown): Response {
  const error = asHyperslabError(thrown);
  const { reason: code, message, details } = error;
  // 499 is no status that a Response can have; nobody is there to read it either.
  const status = error.status === 'CANCELLED' ? 503 : httpStatus[error.status];
  return Response.json(
    { error: { code, message, details } },
    { status, headers: { 'cache-control': 'no-store' } },
  );
}

/** A refusal as JSON of the same form. */
export function answerRefusal(
  status: number,
  message: string,
  headers: Record<string, string> = {},
): Response {
  const error = { code: 'INVALID_ARGUMENT', message, details: {} };
  return Response.json({ error }, { status, headers: { 'cache-control': 'no-store', ...headers } });
}
