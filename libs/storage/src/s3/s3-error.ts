import { HyperslabError, type Reason } from '@hyperslab/errors';
import { connectionError, statusError } from '../http/http-error.ts';

/** What S3's error codes mean here (Amazon S3 API reference, "Error responses"), and what to do. */
const meanings: Readonly<Record<string, readonly [reason: Reason, message: string]>> = {
  NoSuchKey: ['OBJECT_NOT_FOUND', 'no such object; check the key'],
  NotFound: ['OBJECT_NOT_FOUND', 'no such object; check the key'],
  NoSuchBucket: ['OBJECT_NOT_FOUND', 'no such bucket; check its name and AWS_ENDPOINT_URL'],
  AccessDenied: [
    'ACCESS_DENIED',
    'access is denied; check the credentials, the policy of the bucket, and whether who reads it pays (AWS_REQUEST_PAYER)',
  ],
  AllAccessDisabled: ['ACCESS_DENIED', 'access is denied; check the policy of the bucket'],
  InvalidAccessKeyId: ['ACCESS_DENIED', 'the access key is unknown; check the credentials'],
  SignatureDoesNotMatch: [
    'ACCESS_DENIED',
    'the secret key does not fit the access key; check the credentials',
  ],
  ExpiredToken: ['ACCESS_DENIED', 'the credentials have expired; renew them'],
  InvalidToken: ['ACCESS_DENIED', 'the session token is not valid; renew the credentials'],
  RequestTimeTooSkewed: ['ACCESS_DENIED', "this machine's clock is wrong; set it"],
  PermanentRedirect: ['URL_INVALID', 'the bucket is in another region; set AWS_REGION'],
  AuthorizationHeaderMalformed: ['URL_INVALID', 'the bucket is in another region; set AWS_REGION'],
  // Of a bucket that was made a moment ago, or whose region just became another.
  TemporaryRedirect: ['STORAGE_UNAVAILABLE', 'the bucket is not yet where its name leads; try again later'],
  InvalidBucketName: ['URL_INVALID', 'the bucket name is not valid; check it'],
  PreconditionFailed: ['OBJECT_CHANGED', 'it was replaced since it was indexed: publish it again'],
  InvalidRange: ['SHORT_READ', 'it is shorter than it was: publish it again'],
  QuotaExceeded: ['DISK_FULL', 'the storage quota is used up; make room or raise it'],
  SlowDown: ['STORAGE_UNAVAILABLE', 'the store asks to slow down; try again'],
  ServiceUnavailable: ['STORAGE_UNAVAILABLE', 'the store is busy; try again'],
  InternalError: ['STORAGE_UNAVAILABLE', 'the store failed; try again'],
  RequestTimeout: ['STORAGE_UNAVAILABLE', 'the store waited too long; try again'],
};

/**
 * An answer of S3 to a range request as one of our errors. `body` is its XML, perhaps cut off; HEAD has none. `region` is the one that
 * it names for the bucket. Redirects are never followed: they lead where no root may be, with a signature.
 */
export function s3AnswerError(
  url: string,
  status: number,
  body: Uint8Array,
  region?: string | string[],
): HyperslabError {
  if (status === 301 && typeof region === 'string' && /^[a-z0-9-]{1,40}$/.test(region)) {
    const message = `${url}: the bucket is in region ${region}; set AWS_REGION=${region}`;
    return new HyperslabError('URL_INVALID', message, { url, code: 'PermanentRedirect', region });
  }
  const code = /<Code>([A-Za-z0-9.]+)<\/Code>/.exec(new TextDecoder().decode(body))?.[1] ?? '';
  return codeError(url, code) ?? statusError(url, status, code);
}

/** What the SDK throws as one of our errors. */
export function s3SdkError(url: string, cause: unknown): HyperslabError {
  if (cause instanceof HyperslabError) return cause;
  const { name, $metadata } = cause as { name?: string; $metadata?: { httpStatusCode?: number } };
  const known = codeError(url, name ?? '', cause);
  if (known !== undefined) return known;
  const status = $metadata?.httpStatusCode;
  return status === undefined ? connectionError(url, cause) : statusError(url, status, name);
}

function codeError(url: string, code: string, cause?: unknown): HyperslabError | undefined {
  if (!Object.hasOwn(meanings, code)) return undefined;
  const [reason, message] = meanings[code];
  return new HyperslabError(reason, `${url}: ${message} (${code})`, { url, code }, cause);
}
