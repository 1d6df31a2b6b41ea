import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type ByteSource, createStorage } from '@hyperslab/storage';
import { withTemporaryDirectory } from '@hyperslab/testing';
import { gatherFile, indexFile } from '../../src/index.ts';
import { fieldsOf } from './indexed-fields.ts';
import { grid2, message2, product2 } from './write-sections.ts';

const data = [1, 2, 3, 4, 5, 6];
const padding = 200_000;

/** A message whose data goes on past what its grid needs. */
function largeMessage(level: number): Buffer {
  const short = message2([{ before: [grid2], product: product2(0, 0, 100, level), data }]);
  const large = Buffer.concat([short.subarray(0, -4), new Uint8Array(padding), short.subarray(-4)]);
  large.writeBigUInt64BE(BigInt(large.length), 8);
  large.writeUInt32BE(11 + padding, short.length - 4 - 11);
  return large;
}

const levels = Array.from({ length: 100 }, (_, i) => 1000 * (i + 1));
const messages = levels.map(largeMessage);
const file = Buffer.concat(messages);
const starts = messages.map((_, i) => i * messages[0].length);

/** Indexes the file with an inventory beside it; says how often the file was read. */
async function indexWith(inventory: string | undefined, name: string) {
  return withTemporaryDirectory(async (folder) => {
    const path = join(folder, 'fields.grib2');
    writeFileSync(path, file);
    if (inventory !== undefined) writeFileSync(join(folder, name), inventory);
    const storage = createStorage({ roots: [folder] });
    try {
      const source = storage.open(pathToFileURL(path).href);
      let reads = 0;
      const counted: ByteSource = {
        ...source,
        url: source.url,
        read: (ranges, options) => {
          reads++;
          return source.read(ranges, options);
        },
      };
      const index = await indexFile(counted, { storage });
      return {
        reads,
        notes: index.notes,
        fields: fieldsOf(index).map(({ offset, at }) => [offset, at.isobaricInhPa]),
      };
    } finally {
      await storage.close();
    }
  });
}

const wgrib = starts
  .map((start, i) => `${i + 1}:${start}:d=2024060312:TMP:${levels[i] / 100} mb:6 hour fcst:\n`)
  .join('');
const ecmwf = starts
  .map(
    (start, i) =>
      `{"param": "t", "levelist": "${i}", "_offset": ${start}, "_length": ${messages[0].length}}\n`,
  )
  .join('');

describe('grib: inventories', function () {
  this.timeout(20_000);
  const expected = starts.map((start, i) => [start, levels[i] / 100]);

  it('are not needed', async () => {
    const { reads, fields, notes } = await indexWith(undefined, '');
    assert.deepEqual([fields, notes], [expected, []]);
    assert.ok(reads >= 100);
  });

  for (const [name, text] of [
    ['fields.grib2.idx', wgrib],
    ['fields.index', ecmwf],
    ['fields.grib2.index', ecmwf],
  ]) {
    it(`spare waiting: ${name}`, async () => {
      const { reads, fields, notes } = await indexWith(text, name);
      assert.deepEqual([fields, notes], [expected, []]);
      assert.ok(reads <= 5, `${reads} reads`);
    });
  }

  it('spare waiting where headers are gathered part by part', () =>
    withTemporaryDirectory(async (folder) => {
      const path = join(folder, 'fields.grib2');
      writeFileSync(path, file);
      const storage = createStorage({ roots: [folder] });
      const readsOf = async () => {
        const source = storage.open(pathToFileURL(path).href);
        let reads = 0;
        const counted: ByteSource = {
          ...source,
          read: (ranges, options) => {
            reads++;
            return source.read(ranges, options);
          },
        };
        const half = Math.floor(file.length / 2);
        const parts = [
          { from: 0, to: half },
          { from: half, to: file.length },
        ];
        const gathered = await Promise.all(parts.map((part) => gatherFile(counted, part, { storage })));
        const gatherReads = reads;
        const fields = fieldsOf(await indexFile(counted, { storage, gathered }));
        assert.deepEqual(
          fields.map(({ offset, at }) => [offset, at.isobaricInhPa]),
          expected,
        );
        assert.ok(reads - gatherReads <= 2, `${reads - gatherReads} reads after ${gatherReads}`);
        return gatherReads;
      };
      assert.ok((await readsOf()) >= 80);
      writeFileSync(`${path}.idx`, wgrib);
      assert.ok((await readsOf()) < 20);
      await storage.close();
    }));

  it('that are wrong change nothing but what is read when', async () => {
    const shifted = starts.map((start, i) => `${i + 1}:${i < 50 ? start : start + 7}:x\n`).join('');
    assert.deepEqual((await indexWith(shifted, 'fields.grib2.idx')).fields, expected);
  });

  it('of another file are not used', async () => {
    for (const text of ['1:0:x\n2:999999999999:x\n', '1:5:x\n2:17:x\n']) {
      const { fields, notes } = await indexWith(text, 'fields.grib2.idx');
      assert.deepEqual(fields, expected);
      assert.match(notes[0], /^the inventory .*fields\.grib2\.idx is not of this file and was not used$/);
    }
  });
});
