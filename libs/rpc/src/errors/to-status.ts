import { type ServiceError, status } from '@grpc/grpc-js';
import { asHyperslabError, type ErrorDetails, type HyperslabError } from '@hyperslab/errors';
import { encodeStatusDetails } from './status-details.ts';

/** Domain of the reasons in ErrorInfo. */
export const errorDomain = 'hyperslab';

// gRPC's C core, and with it Python, refuses trailers from 8 KiB on, whatever they say. The message travels twice,
// percent-encoded in grpc-message and as it is in the details, which are in base64.
const messageLimitBytes = 2048;
const detailsLimitBytes = 1536;
const retryDelay = { seconds: 0, nanos: 200_000_000 };

/** Any thrown thing as a gRPC error with google.rpc details: ErrorInfo, and RetryInfo or BadRequest where they fit. */
export function toStatus(thrown: unknown): ServiceError {
  const error = asHyperslabError(thrown);
  const code = status[error.status];
  const message = clipped(error.message, messageLimitBytes);
  const metadata = encodeStatusDetails(code, message, {
    errorInfo: { reason: error.reason, domain: errorDomain, metadata: clippedDetails(error.details) },
    retryInfo: error.retryable ? { retryDelay } : undefined,
    badRequest: code === status.INVALID_ARGUMENT ? badRequest(error, message) : undefined,
  });
  return Object.assign(new Error(message, { cause: error }), { code, details: message, metadata });
}

function badRequest(error: HyperslabError, description: string) {
  return { fieldViolations: [{ field: error.details.field ?? '', description }] };
}

function clippedDetails(details: ErrorDetails): ErrorDetails {
  const kept: ErrorDetails = {};
  let room = detailsLimitBytes;
  for (const [key, value] of Object.entries(details)) {
    room -= encodedBytes(key);
    if (room <= 0) break;
    kept[key] = clipped(value, room);
    room -= encodedBytes(kept[key]);
  }
  return kept;
}

/** The beginning of a text that takes at most so many bytes when it is percent-encoded. */
function clipped(text: string, limitBytes: number): string {
  // Half a surrogate pair can't be percent-encoded: grpc-js would throw instead of answering.
  const formed = text.slice(0, limitBytes).toWellFormed();
  if (formed.length === text.length && encodedBytes(formed) <= limitBytes) return formed;
  const ellipsis = '…';
  let room = limitBytes - encodedBytes(ellipsis);
  let kept = '';
  for (const character of formed) {
    room -= encodedBytes(character);
    if (room < 0) break;
    kept += character;
  }
  return kept + ellipsis;
}

function encodedBytes(text: string): number {
  return encodeURI(text.toWellFormed()).length;
}
