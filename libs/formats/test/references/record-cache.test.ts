import assert from 'node:assert/strict';
import { RecordCache } from '../../src/references/record-cache.ts';
import type { ReferenceRecord } from '../../src/references/reference-record.ts';

const mebibyte = 1024 * 1024;

/** Names that were loaded, in their order, when they are asked for in turn; "x9" is of nine mebibytes, "-" not there. */
async function loaded(...names: string[]): Promise<string> {
  const cache = new RecordCache();
  const loads: string[] = [];
  for (const name of names) {
    const bytes = Number(name.slice(1)) * mebibyte;
    const record: ReferenceRecord | undefined = name === '-' ? undefined : { bytes, at: () => undefined };
    const load = async () => {
      loads.push(name);
      return record;
    };
    assert.equal((await cache.get(name, load))?.bytes, record?.bytes);
  }
  return loads.join(' ');
}

describe('cache of records of references', () => {
  it('keeps what fits, also that a record is not there', async () => {
    assert.equal(await loaded('a9', 'b9', '-', 'c9', '-', 'a9', 'b9'), 'a9 b9 - c9');
  });

  it('lets the first one go when they are too large together, but never the last two', async () => {
    assert.equal(await loaded('a40', 'b20', 'c20', 'b20', 'c20', 'a40'), 'a40 b20 c20 a40');
    assert.equal(await loaded('a100', 'b100', 'a100', 'b100', 'c1', 'b100', 'a100'), 'a100 b100 c1 a100');
  });

  it('lets the first one go when there are too many', async () => {
    const many = Array.from({ length: 65 }, (_, at) => `${'abcdefghijklmnopqrstuvwxyz'[at % 26]}0.${at}`);
    const found = await loaded(...many, many[1], many[0]);
    assert.equal(found, [...many, many[0]].join(' '));
  });
});
