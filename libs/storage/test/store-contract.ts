import assert from 'node:assert/strict';
import { isHyperslabError, type Reason } from '@hyperslab/errors';
import { type ByteSource, readHead, type StorageRequest, withHead } from '../src/index.ts';

/** Bytes that differ everywhere, so that a range from the wrong place shows. */
export function patternBytes(length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  for (let i = 0; i < length; i++) bytes[i] = (i * 31 + (i >> 8) * 17 + (i >> 16)) & 0xff;
  return bytes;
}

/** Asserts that a promise is rejected with an error of a reason, and answers the error. */
export async function rejectsWith(reason: Reason, promise: Promise<unknown>, text = /./): Promise<void> {
  await assert.rejects(promise, (error) => {
    assert.ok(isHyperslabError(error, reason), `expected ${reason}, got ${String(error)}`);
    assert.match(error.message, text);
    return true;
  });
}

/** What a store offers to the contract. */
export interface ContractStore {
  /** A source of an object with these bytes. */
  withObject(name: string, bytes: Uint8Array): Promise<ByteSource>;
  /** A source of an object that is not there. */
  missing(): ByteSource;
  /** Replaces the bytes of the object, where a store can. */
  replace?(name: string, bytes: Uint8Array): Promise<void>;
}

/** What every byte source must do. Call it within `describe`. */
export function describeByteSource(open: () => ContractStore): void {
  const size = 300_000;
  const bytes = patternBytes(size);
  const same = (found: Uint8Array, offset: number, length: number) =>
    assert.deepEqual(Buffer.from(found), Buffer.from(bytes.subarray(offset, offset + length)));

  it('tells the size of an object', async () => {
    const source = await open().withObject('sized.bin', bytes);
    assert.equal((await source.stat()).size, size);
  });

  it('tells the size of an empty object', async () => {
    const source = await open().withObject('empty.bin', new Uint8Array(0));
    const version = await source.stat();
    assert.equal(version.size, 0);
    assert.deepEqual(await source.read([{ offset: 0, length: 0 }], { expect: version }), [new Uint8Array(0)]);
  });

  it('reads exactly the ranges, in the order asked', async () => {
    const source = await open().withObject('ranges.bin', bytes);
    const ranges = [
      { offset: 299_990, length: 10 },
      { offset: 0, length: 1 },
      { offset: 5, length: 0 },
      { offset: 1000, length: 2000 },
      { offset: 1500, length: 10 },
      { offset: 250_000, length: 50_000 },
      { offset: 0, length: size },
    ];
    const found = await source.read(ranges, { expect: await source.stat() });
    assert.equal(found.length, ranges.length);
    ranges.forEach(({ offset, length }, i) => {
      same(found[i], offset, length);
    });
  });

  it('gives the first bytes with their state', async () => {
    const source = await open().withObject('head.bin', bytes);
    for (const length of [1000, size, size + 1000]) {
      const head = await readHead(source, length);
      assert.deepEqual(head.version, await source.stat());
      same(head.bytes, 0, Math.min(length, size));
    }
    const empty = await readHead(await open().withObject('empty-head.bin', new Uint8Array(0)), 1000);
    assert.deepEqual([empty.version.size, empty.bytes.length], [0, 0]);
    await rejectsWith('OBJECT_NOT_FOUND', readHead(open().missing(), 1000));
  });

  it('reads what lies in the first bytes once', async () => {
    const source = withHead(await open().withObject('once.bin', bytes), 1000);
    const expect = await source.stat();
    const requests: StorageRequest[] = [];
    const onRequest = (request: StorageRequest) => void requests.push(request);
    const near = [
      { offset: 10, length: 20 },
      { offset: 0, length: 1000 },
    ];
    for (let time = 0; time < 2; time++) {
      const found = await source.read(near, { expect, onRequest });
      near.forEach(({ offset, length }, i) => {
        same(found[i], offset, length);
      });
    }
    assert.deepEqual(
      requests.map(({ offset, length }) => [offset, length]),
      [[0, 1000]],
    );
    const [far] = await source.read([{ offset: 990, length: 20 }], { expect, onRequest });
    same(far, 990, 20);
    assert.equal(requests.length, 2);
  });

  it('gives no bytes of another state than its first bytes are of', async () => {
    const { withObject, replace } = open();
    if (replace === undefined) return;
    const source = withHead(await withObject('head-replaced.bin', bytes), 1000);
    const expect = await source.stat();
    await replace('head-replaced.bin', bytes.subarray(0, size - 1));
    await rejectsWith('OBJECT_CHANGED', source.read([{ offset: 2000, length: 10 }], { expect }));
    const other = { ...expect, size: size - 1, etag: '', modifiedUs: 0 };
    await rejectsWith('OBJECT_CHANGED', source.read([{ offset: 0, length: 10 }], { expect: other }));
  });

  it('reads no ranges at all', async () => {
    const source = await open().withObject('none.bin', bytes);
    assert.deepEqual(await source.read([]), []);
  });

  it('says SHORT_READ for a range past the end', async () => {
    const source = await open().withObject('short.bin', bytes);
    const past = [{ offset: size - 5, length: 10 }];
    await rejectsWith('SHORT_READ', source.read(past, { expect: await source.stat() }), /expected 10 bytes/);
    await rejectsWith('SHORT_READ', source.read(past));
    await rejectsWith('SHORT_READ', source.read([{ offset: size + 5, length: 1 }]));
  });

  it('refuses ranges that are none', async () => {
    const source = await open().withObject('strange.bin', bytes);
    for (const range of [
      { offset: -1, length: 1 },
      { offset: 0.5, length: 1 },
      { offset: 0, length: -1 },
      { offset: Number.MAX_SAFE_INTEGER, length: 2 },
    ]) {
      await rejectsWith('INVALID_ARGUMENT', source.read([range]));
    }
  });

  it('says OBJECT_NOT_FOUND for an object that is not there', async () => {
    await rejectsWith('OBJECT_NOT_FOUND', open().missing().stat());
    await rejectsWith(
      'OBJECT_NOT_FOUND',
      open()
        .missing()
        .read([{ offset: 0, length: 1 }]),
    );
  });

  it('says OBJECT_CHANGED for another object than was indexed', async () => {
    const source = await open().withObject('other.bin', bytes);
    const version = await source.stat();
    const expect = { ...version, size: version.size + 1 };
    const read = source.read([{ offset: 0, length: 1 }], { expect });
    await rejectsWith('OBJECT_CHANGED', read, /publish it again/);
  });

  it('says OBJECT_CHANGED once the object is replaced by one of the same length', async function () {
    const store = open();
    if (store.replace === undefined) this.skip();
    const source = await store.withObject('replaced.bin', bytes);
    const expect = await source.stat();
    await source.read([{ offset: 0, length: 10 }], { expect });
    await store.replace('replaced.bin', patternBytes(size).reverse());
    await rejectsWith(
      'OBJECT_CHANGED',
      source.read([{ offset: 0, length: 10 }], { expect }),
      /publish it again/,
    );
  });

  it('does nothing for a signal that is aborted', async () => {
    const source = await open().withObject('aborted.bin', bytes);
    const signal = AbortSignal.abort();
    await rejectsWith('CANCELLED', source.read([{ offset: 0, length: 1 }], { signal }));
    await rejectsWith('CANCELLED', source.stat(signal));
  });

  it('tells of its requests', async () => {
    const source = await open().withObject('counted.bin', bytes);
    const told: StorageRequest[] = [];
    const before = performance.now();
    await source.read([{ offset: 5, length: 100 }], { onRequest: (request) => told.push(request) });
    assert.deepEqual(
      told.map(({ offset, length }) => ({ offset, length })),
      [{ offset: 5, length: 100 }],
    );
    assert.ok(told[0].startedMs >= before && told[0].startedMs <= performance.now());
  });
}
