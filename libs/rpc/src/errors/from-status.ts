import { type ServiceError, status } from '@grpc/grpc-js';
import { type ErrorDetails, HyperslabError, type Reason, reasons } from '@hyperslab/errors';
import { decodeStatusDetails } from './status-details.ts';
import { errorDomain } from './to-status.ts';

/** What a status means that does not say its reason: a proxy's, gRPC's own, or another program's. */
const reasonOfCode: Partial<Record<number, Reason>> = {
  [status.CANCELLED]: 'CANCELLED',
  [status.INVALID_ARGUMENT]: 'INVALID_ARGUMENT',
  [status.OUT_OF_RANGE]: 'INVALID_ARGUMENT',
  [status.DEADLINE_EXCEEDED]: 'DEADLINE_EXCEEDED',
  [status.NOT_FOUND]: 'OBJECT_NOT_FOUND',
  [status.ALREADY_EXISTS]: 'REQUEST_REUSED',
  [status.PERMISSION_DENIED]: 'ACCESS_DENIED',
  [status.UNAUTHENTICATED]: 'ACCESS_DENIED',
  [status.FAILED_PRECONDITION]: 'NOT_COMPUTABLE',
  [status.RESOURCE_EXHAUSTED]: 'TOO_LARGE',
  [status.ABORTED]: 'UNAVAILABLE',
  [status.UNAVAILABLE]: 'UNAVAILABLE',
  [status.DATA_LOSS]: 'CHECKSUM_MISMATCH',
};

/**
 * What grpc-js says of streams that were reset before a status came: with NO_ERROR or CANCEL, as servers that go and
 * proxies before them do, or here, as their connection broke (EPIPE, bytes that are no HTTP/2). Their codes are INTERNAL
 * and CANCELLED ("gRPC over HTTP2", Errors), but neither has the service failed nor the caller cancelled: it is away.
 */
const unanswered =
  /^Received RST_STREAM with code (0\b|2 triggered by internal client error: )|^Call cancelled$/;

/** The status code of a gRPC error: UNAVAILABLE of one that no status came for. */
export function codeOf({ code, details }: ServiceError): status {
  return unanswered.test(details) ? status.UNAVAILABLE : code;
}

/**
 * The failure behind a gRPC error: reason and details as the service threw them, or a sensible reason by its code. Not
 * for calls that the caller itself has cancelled.
 * @param peer who was called, for the message where the call did not get there
 */
export function fromStatus(error: ServiceError, peer = 'the service'): HyperslabError {
  const { errorInfo } = decodeStatusDetails(error.metadata);
  const cause = withoutMetadata(error);
  if (errorInfo?.domain === errorDomain && isReason(errorInfo.reason))
    return new HyperslabError(errorInfo.reason, error.details, errorInfo.metadata, cause);
  const code = codeOf(error);
  const details: ErrorDetails = { code: status[error.code] ?? String(error.code), peer };
  if (errorInfo) details.reason = errorInfo.reason;
  const message = foreignMessage(code, error.details, peer);
  return new HyperslabError(reasonOfCode[code] ?? 'INTERNAL', message, details, cause);
}

/** What gRPC said, without the trailers, whose bytes fill a screen where an uncaught error is printed. */
function withoutMetadata({ code, details }: ServiceError): Error & { code: string } {
  const cause = new Error(details);
  // A stack from here would tell nothing that the failure's own does not.
  cause.stack = undefined;
  return Object.assign(cause, { code: status[code] ?? String(code) });
}

function isReason(text: string): text is Reason {
  return Object.hasOwn(reasons, text);
}

function foreignMessage(code: number, details: string, peer: string): string {
  if (code === status.UNAVAILABLE) return `${peer} is not reachable: ${details}; is it running?`;
  if (code === status.UNIMPLEMENTED)
    return `${peer} does not know this call: ${details}; is it of another version?`;
  if (code === status.DEADLINE_EXCEEDED) return `${peer} did not answer in time: ${details}`;
  return `${peer}: ${details}`;
}
