import assert from 'node:assert/strict';
import { memorySource } from '@hyperslab/storage';
import { objectName } from '../../src/threads/object-name.ts';
import { ReadLog, withReadLog } from '../../src/threads/read-log.ts';

describe('the log of reads', () => {
  const source = withReadLog(memorySource('file:///a.nc', new Uint8Array(1000)));
  const read = (offset: number, length: number) => source.read([{ offset, length }]);

  it('tells apart what is read for two pieces of work at once', async () => {
    const [one, other] = [new ReadLog(), new ReadLog()];
    await Promise.all([
      one.during(async () => {
        await read(0, 10);
        await read(10, 20);
      }),
      other.during(() => read(500, 5)),
      read(900, 1),
    ]);
    const ranges = ({ reads }: ReadLog) => reads.map(({ offset, length }) => [offset, length]);
    assert.deepEqual(ranges(one), [
      [0, 10],
      [10, 20],
    ]);
    assert.deepEqual(ranges(other), [[500, 5]]);
    const [{ url, startMs, endMs }] = other.reads;
    assert.equal(url, 'file:///a.nc');
    assert.ok(endMs >= startMs && Math.abs(Date.now() - endMs) < 60_000);
  });

  it('keeps a hundred and counts the others', async () => {
    const log = new ReadLog();
    await log.during(async () => {
      for (let at = 0; at < 120; at++) await read(at, 1);
    });
    assert.deepEqual([log.reads.length, log.leftOut], [100, 20]);
  });
});

describe('the name of an object in traces', () => {
  it('has neither credentials nor a query', () => {
    for (const [url, name] of [
      ['s3://bucket/run/a.nc', 's3://bucket/run/a.nc'],
      ['file:///data/a%20b.nc', 'file:///data/a%20b.nc'],
      ['https://user:secret@host:8443/a.nc?X-Amz-Signature=abc#part', 'https://host:8443/a.nc'],
      ['arrays/job/1', 'arrays/job/1'],
    ])
      assert.equal(objectName(url), name);
  });
});
