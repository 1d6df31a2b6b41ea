import { type ServiceError, status } from '@grpc/grpc-js';
import { asHyperslabError, type ErrorDetails, type HyperslabError } from '@hyperslab/errors';
import { encodeStatusDetails } from './status-details.ts';

/** Domain of the reasons in ErrorInfo. */
export const errorDomain = 'hyperslab';

// Trailers over 8 KiB are refused by gRPC's C core and with it by Python, whatever they say. The message travels
// twice: percent-encoded in grpc-message, and in the details.
const messageLimit = 1024;
const detailsLimit = 2048;
const retryDelay = { seconds: 0, nanos: 200_000_000 };

/** Any thrown thing as a gRPC error with google.rpc details: ErrorInfo, and RetryInfo or BadRequest where they fit. */
export function toStatus(thrown: unknown): ServiceError {
  const error = asHyperslabError(thrown);
  const code = status[error.status];
  const message = clipped(error.message, messageLimit);
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
  let room = detailsLimit;
  for (const [key, value] of Object.entries(details)) {
    if (room <= key.length) break;
    kept[key] = clipped(value, room - key.length);
    room -= key.length + kept[key].length;
  }
  return kept;
}

function clipped(text: string, limit: number): string {
  // Half a surrogate pair can't be percent-encoded: grpc-js would throw instead of answering.
  return (text.length <= limit ? text : `${text.slice(0, limit - 1)}…`).toWellFormed();
}
