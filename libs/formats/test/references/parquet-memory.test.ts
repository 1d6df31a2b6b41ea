import assert from 'node:assert/strict';
import { isHyperslabError } from '@hyperslab/errors';
import { type ByteSource, memorySource } from '@hyperslab/storage';
import fc from 'fast-check';
import { indexFile } from '../../src/index.ts';
import { NumberedValues, plainValues, type StoredValue } from '../../src/parquet/plain-values.ts';
import { readRows } from '../../src/parquet/read-rows.ts';
import { storageOf } from '../zarr/reference.ts';
import { dictionaryPage, indexPage, plainPage, writeParquet } from './write-parquet.ts';

const url = 'mem:/x/v/refs.0.parq';
const mebibyte = 1024 * 1024;

/** Reads the column "raw"; tells its values, how many were made, and what was fetched behind the first request. */
async function read(file: Buffer, wanted: number) {
  const found = { values: [] as (StoredValue | null)[], made: 0, fetched: 0, requests: -1 };
  const memory = memorySource(url, file);
  const source: ByteSource = {
    ...memory,
    read(ranges, options) {
      if (found.requests++ >= 0) for (const { length } of ranges) found.fetched += length;
      return memory.read(ranges, options);
    },
  };
  const toValue = (_: string, value: StoredValue) => {
    found.made++;
    return value;
  };
  const request = { columns: ['raw'], toValue, wanted };
  const { columns } = await readRows<StoredValue>(source, await source.stat(), request);
  return { ...found, values: columns.get('raw')! };
}

async function tooLarge(what: RegExp, body: Promise<unknown>): Promise<void> {
  await assert.rejects(body, (error) => {
    assert.ok(isHyperslabError(error, 'TOO_LARGE'), String(error));
    assert.match(error.message, /^mem:\/x\/.*at most \d+ /);
    assert.match(error.message, what);
    return true;
  });
}

describe('references in Parquet: what few packed bytes may ask for', function () {
  this.timeout(60_000);

  it('entries of a dictionary are made when they are named, each once', async () => {
    const entries = Array.from({ length: 100_000 }, (_, at) => Buffer.from(at === 77_777 ? 'here' : ''));
    const pages = [dictionaryPage(entries), indexPage(77_777, 3), indexPage(0, 1), indexPage(77_777, 1)];
    const { values, made } = await read(writeParquet({ name: 'raw', pages }, [5]), 5);
    assert.deepEqual(values.map(String), ['here', 'here', 'here', '', 'here']);
    assert.equal(made, 2);
  });

  it('a value that is read by its number is that of its place', () => {
    const texts = fc.array(fc.uint8Array({ maxLength: 9 }), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(texts, fc.array(fc.nat(), { maxLength: 30 }), (values, numbers) => {
        const bytes = Buffer.concat(values.flatMap((value) => [Buffer.from([value.length, 0, 0, 0]), value]));
        const place = { url, base: 0 };
        const all = plainValues(bytes, 6, values.length, place);
        const numbered = new NumberedValues(bytes, 6, values.length, place);
        for (const number of numbers) {
          const at = number % values.length;
          assert.deepEqual(Buffer.from(numbered.at(at) as Uint8Array), Buffer.from(all[at] as Uint8Array));
        }
      }),
    );
  });

  it('pages are unpacked up to a bound, and no more of them than are wanted', async () => {
    const zeros = plainPage([new Uint8Array(32 * mebibyte)]);
    const file = writeParquet({ name: 'raw', pages: new Array(5).fill(zeros) }, [5]);
    assert.ok(file.length < 64 * 1024);
    assert.equal((await read(file, 2)).values.length, 2);
    await tooLarge(/unpacked pages of at most/, read(file, 5));
  });

  it('row groups are fetched up to a bound, those without rows not at all', async () => {
    const column = { name: 'raw', pages: [plainPage([Buffer.from('a')])], length: 2 * mebibyte };
    const some = await read(writeParquet(column, [0, 0, 1, 0, 1], 3 * mebibyte), 2);
    assert.deepEqual(some.values.map(String), ['a', 'a']);
    assert.equal(some.fetched, 2 * column.length);
    const many = writeParquet(column, new Array(200).fill(1), 3 * mebibyte);
    await tooLarge(/row groups of at most/, read(many, 200));
  });

  it('bytes in the references themselves are held up to a bound', async () => {
    const pages = [dictionaryPage([new Uint8Array(32 * mebibyte)]), indexPage(0, 9)];
    const file = writeParquet({ name: 'raw', pages }, [9]);
    const array = { zarr_format: 2, shape: [9], chunks: [1], dtype: '<f4', compressor: null };
    const metadata = {
      '.zgroup': { zarr_format: 2 },
      'v/.zarray': { ...array, order: 'C', filters: null, fill_value: 0 },
    };
    const root = Buffer.from(JSON.stringify({ record_size: 9, metadata }));
    const storage = storageOf(
      new Map([
        ['.zmetadata', root],
        ['v/refs.0.parq', file],
      ]),
    );
    const index = indexFile(storage.open('mem:/x/.zmetadata'), { storage });
    await tooLarge(/bytes in references themselves, found/, index);
  });
});
