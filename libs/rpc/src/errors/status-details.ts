import { Metadata } from '@grpc/grpc-js';
import { BadRequest, ErrorInfo, RetryInfo } from '@hyperslab/proto/google/rpc/error_details';
import { Status } from '@hyperslab/proto/google/rpc/status';

/** Trailer that carries a google.rpc.Status (gRPC, "Richer error model"). */
const trailer = 'grpc-status-details-bin';
const typePrefix = 'type.googleapis.com/google.rpc.';

/** Details that Hyperslab writes and reads. */
export interface StatusDetails {
  errorInfo?: ErrorInfo;
  retryInfo?: RetryInfo;
  badRequest?: BadRequest;
}

/** Trailers with a google.rpc.Status of these details. */
export function encodeStatusDetails(code: number, message: string, details: StatusDetails): Metadata {
  const { errorInfo, retryInfo, badRequest } = details;
  const packed = [
    errorInfo && { typeUrl: `${typePrefix}ErrorInfo`, value: ErrorInfo.encode(errorInfo).finish() },
    retryInfo && { typeUrl: `${typePrefix}RetryInfo`, value: RetryInfo.encode(retryInfo).finish() },
    badRequest && { typeUrl: `${typePrefix}BadRequest`, value: BadRequest.encode(badRequest).finish() },
  ];
  const status = {
    code,
    message,
    details: packed
      .filter((item) => item !== undefined)
      .map(({ typeUrl, value }) => ({ typeUrl, value: Buffer.from(value) })),
  };
  const metadata = new Metadata();
  metadata.set(trailer, Buffer.from(Status.encode(status).finish()));
  return metadata;
}

/** Details of a trailer; none where it is absent, of another kind, or can't be decoded. */
export function decodeStatusDetails(metadata: Metadata | undefined): StatusDetails {
  const bytes = metadata?.get(trailer)[0];
  const found: StatusDetails = {};
  if (!(bytes instanceof Uint8Array)) return found;
  try {
    for (const { typeUrl, value } of Status.decode(bytes).details) {
      if (typeUrl === `${typePrefix}ErrorInfo`) found.errorInfo = ErrorInfo.decode(value);
      if (typeUrl === `${typePrefix}RetryInfo`) found.retryInfo = RetryInfo.decode(value);
      if (typeUrl === `${typePrefix}BadRequest`) found.badRequest = BadRequest.decode(value);
    }
    return found;
  } catch {
    // A foreign server's trailer that we can't read takes nothing from the status code and message.
    return {};
  }
}
