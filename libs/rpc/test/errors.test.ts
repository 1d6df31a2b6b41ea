import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import { Metadata, type ServiceError, status } from '@grpc/grpc-js';
import { HyperslabError, isHyperslabError, type Reason, reasons } from '@hyperslab/errors';
import { BadRequest, ErrorInfo, RetryInfo } from '@hyperslab/proto/google/rpc/error_details';
import { Status } from '@hyperslab/proto/google/rpc/status';
import fc from 'fast-check';
import { fromJobError, fromStatus, jobError, toStatus } from '../src/index.ts';

const trailer = 'grpc-status-details-bin';

function detailsOf(error: ServiceError): Map<string, Buffer> {
  const { details } = Status.decode(error.metadata.get(trailer)[0] as Buffer);
  return new Map(details.map(({ typeUrl, value }) => [typeUrl, value]));
}

describe('errors on the wire', () => {
  it('come back as they went, whatever the reason', () => {
    for (const reason of Object.keys(reasons) as Reason[]) {
      const error = new HyperslabError(reason, `about ${reason}`, { url: 's3://ö/a', offset: '7' });
      const answer = toStatus(error);
      assert.equal(answer.code, status[reasons[reason]]);
      const back = fromStatus(answer);
      assert.deepEqual([back.reason, back.message, back.details], [reason, error.message, error.details]);
      const kept = fromJobError(jobError(error));
      assert.deepEqual([kept.reason, kept.message, kept.details], [reason, error.message, error.details]);
    }
  });

  it('keep what gRPC said as a cause that can be printed', () => {
    const { cause } = fromStatus(
      toStatus(new HyperslabError('INVALID_ARGUMENT', 'area: no', { field: 'a' })),
    );
    assert.ok(cause instanceof Error);
    assert.deepEqual(
      [cause.message, (cause as Error & { code: string }).code],
      ['area: no', 'INVALID_ARGUMENT'],
    );
    assert.ok(inspect(cause).length < 200, inspect(cause));
  });

  it('carry the details of google.rpc that fit', () => {
    const invalid = detailsOf(
      toStatus(new HyperslabError('INVALID_ARGUMENT', 'area: no', { field: 'area' })),
    );
    assert.deepEqual(BadRequest.decode(invalid.get('type.googleapis.com/google.rpc.BadRequest')!), {
      fieldViolations: [{ field: 'area', description: 'area: no' }],
    });
    const info = ErrorInfo.decode(invalid.get('type.googleapis.com/google.rpc.ErrorInfo')!);
    assert.deepEqual(info, { reason: 'INVALID_ARGUMENT', domain: 'hyperslab', metadata: { field: 'area' } });
    const busy = detailsOf(toStatus(new HyperslabError('STORAGE_UNAVAILABLE', 'busy')));
    assert.ok(RetryInfo.decode(busy.get('type.googleapis.com/google.rpc.RetryInfo')!).retryDelay!.nanos > 0);
  });

  it('fit into the trailers that every client takes', () => {
    const long = 'ä"'.repeat(100_000);
    const answer = toStatus(new HyperslabError('MERGE_CONFLICT', long, { a: long, [long]: 'b', c: 'd' }));
    const bytes =
      (answer.metadata.get(trailer)[0] as Buffer).length * (4 / 3) + encodeURI(answer.details).length;
    assert.ok(bytes < 7_500, `${bytes} bytes`);
    assert.ok(isHyperslabError(fromStatus(answer), 'MERGE_CONFLICT'));
    assert.match(answer.details, /^(ä")+ä?…$/);
    assert.doesNotThrow(() =>
      encodeURI(toStatus(new HyperslabError('INTERNAL', `${'x'.repeat(2040)}😀`)).details),
    );
  });

  it('of other programs get the reason that their code suggests', () => {
    const foreign = (code: number, details: string, metadata = new Metadata()) =>
      fromStatus(Object.assign(new Error(), { code, details, metadata }), 'catalog at 1.2.3.4:7401');
    assert.equal(foreign(status.UNAVAILABLE, 'no connection').reason, 'UNAVAILABLE');
    assert.match(foreign(status.UNAVAILABLE, 'x').message, /catalog at 1\.2\.3\.4:7401 is not reachable/);
    assert.equal(foreign(status.UNIMPLEMENTED, 'x').reason, 'INTERNAL');
    assert.equal(foreign(status.UNAUTHENTICATED, 'x').reason, 'ACCESS_DENIED');
    assert.equal(foreign(99, 'x').reason, 'INTERNAL');
    const other = toStatus(new HyperslabError('INTERNAL', 'x'));
    const value = ErrorInfo.encode({ reason: 'NEW_ONE', domain: 'hyperslab', metadata: {} }).finish();
    const details = [{ typeUrl: 'type.googleapis.com/google.rpc.ErrorInfo', value: Buffer.from(value) }];
    other.metadata.set(trailer, Buffer.from(Status.encode({ code: 5, message: '', details }).finish()));
    const newer = foreign(status.NOT_FOUND, 'gone', other.metadata);
    assert.deepEqual([newer.reason, newer.details.reason], ['OBJECT_NOT_FOUND', 'NEW_ONE']);
  });

  it('survive details of any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const metadata = new Metadata();
        metadata.set(trailer, Buffer.from(bytes));
        const error = Object.assign(new Error(), { code: status.NOT_FOUND, details: 'x', metadata });
        assert.ok(fromStatus(error) instanceof HyperslabError);
      }),
    );
  });
});
