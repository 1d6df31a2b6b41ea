import assert from 'node:assert/strict';
import { s3AnswerError, s3SdkError } from '../../src/s3/s3-error.ts';

const xml = (code: string) =>
  new TextEncoder().encode(`<?xml version="1.0"?><Error><Code>${code}</Code></Error>`);

describe('errors of S3', () => {
  for (const [status, code, reason] of [
    [404, 'NoSuchKey', 'OBJECT_NOT_FOUND'],
    [404, 'NoSuchBucket', 'OBJECT_NOT_FOUND'],
    [403, 'AccessDenied', 'ACCESS_DENIED'],
    [400, 'ExpiredToken', 'ACCESS_DENIED'],
    [503, 'SlowDown', 'STORAGE_UNAVAILABLE'],
    [412, 'PreconditionFailed', 'OBJECT_CHANGED'],
    [301, 'PermanentRedirect', 'URL_INVALID'],
    [500, 'NotYetKnown', 'STORAGE_UNAVAILABLE'],
  ] as const) {
    it(`${code} is ${reason}`, () => {
      assert.equal(s3AnswerError('s3://b/k', status, xml(code)).reason, reason);
      const thrown = Object.assign(new Error(code), { name: code, $metadata: { httpStatusCode: status } });
      assert.equal(s3SdkError('s3://b/k', thrown).reason, reason);
    });
  }

  it('an answer without a body is told by its status', () => {
    assert.equal(s3AnswerError('s3://b/k', 404, new Uint8Array(0)).reason, 'OBJECT_NOT_FOUND');
    assert.equal(s3AnswerError('s3://b/k', 403, new Uint8Array(0)).reason, 'ACCESS_DENIED');
  });
});
