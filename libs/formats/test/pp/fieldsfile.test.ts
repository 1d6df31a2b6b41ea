import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isHyperslabError, type Reason } from '@hyperslab/errors';
import { FileIndex } from '@hyperslab/proto/index';
import { hasPython, repository, runPython, withinLimits, withTemporaryDirectory } from '@hyperslab/testing';
import fc from 'fast-check';
import type { WordFormat } from '../../src/pp/word-format.ts';
import { type FieldBytes, fieldsfileBytes, ppBytes } from './pp-bytes.ts';
import { coordinateOf, fieldValues, gridValues, indexBytes } from './reference.ts';

const formats: readonly WordFormat[] = [
  { order: 'big', wordBytes: 8, markerBytes: 8 },
  { order: 'little', wordBytes: 8, markerBytes: 8 },
  { order: 'big', wordBytes: 4, markerBytes: 4 },
  { order: 'little', wordBytes: 4, markerBytes: 4 },
];
const [wide] = formats;
const missing = -1073741824;

/** Fields of a few parameters, days and shapes; integers and reals. */
const anyFields: fc.Arbitrary<FieldBytes[]> = fc.array(
  fc
    .record({
      stash: fc.constantFrom(4, 16203, 30),
      day: fc.integer({ min: 1, max: 28 }),
      rows: fc.integer({ min: 2, max: 9 }),
      columns: fc.integer({ min: 2, max: 9 }),
      seed: fc.nat(1000),
    })
    .map(({ stash, day, rows, columns, seed }) => ({
      header: {
        ...{ lbuser4: stash, lbuser1: stash === 30 ? 3 : 1, lbdat: day, lbdatd: 1, lbrel: 3, lbtim: 11 },
        ...{ lbrow: rows, lbnpt: columns, lbcode: 1, bzy: -20, bdy: 2.5, bzx: -30, bdx: 3 },
      },
      values: Array.from({ length: rows * columns }, (_, i) =>
        (i + seed) % 7 === 0 ? missing : stash === 30 ? i % 2 : seed + i / 4,
      ),
    })),
  { minLength: 1, maxLength: 6 },
);

interface IrisField {
  name: string;
  stash: string;
  time: number | null;
  latitude: number[];
  values: number[];
  missing: boolean[];
}

function refused(reason: Reason, text: RegExp): (error: unknown) => true {
  return (error) => {
    assert.ok(isHyperslabError(error, reason), String(error));
    assert.match(error.message, text);
    return true;
  };
}

describe('pp: fieldsfiles of the Unified Model', function () {
  this.timeout(120_000);
  for (const words of formats) {
    const what = `${8 * words.wordBytes} bits, ${words.order}-endian`;
    for (const records of [true, false]) {
      it(`have the fields of a PP file (${what}, ${records ? 'in records' : 'one after another'})`, async () => {
        await fc.assert(
          fc.asyncProperty(anyFields, async (fields) => {
            const [own, pp] = await Promise.all([
              indexBytes(fieldsfileBytes(fields, words, { records }), 'x.ff'),
              indexBytes(ppBytes(fields, words)),
            ]);
            assert.equal(own.sets.length, pp.sets.length);
            for (const [i, { set, variable, grid }] of own.sets.entries()) {
              const other = pp.sets[i];
              assert.deepEqual([variable, set.coordinates], [other.variable, other.set.coordinates]);
              assert.deepEqual(grid.variables, other.grid.variables);
              assert.equal(variable.notComputable, '');
              for (const row of set.offsets.keys()) {
                assert.deepEqual(
                  await fieldValues(own.source, set, row),
                  await fieldValues(pp.source, other.set, row),
                );
              }
            }
          }),
          { numRuns: 40 },
        );
      });
    }
  }

  for (const words of formats.filter(({ order }) => order === 'big')) {
    it(`are what Iris reads (${8 * words.wordBytes} bits)`, async function () {
      if (!hasPython('iris')) {
        console.log('skipped: the Python of tools/setup.mjs --tests has no iris');
        this.skip();
      }
      const [fields] = fc.sample(fc.array(anyFields, { minLength: 8, maxLength: 8 }), {
        numRuns: 1,
        seed: 3,
      });
      const all = fields.flat();
      await withTemporaryDirectory(async (folder) => {
        const bytes = fieldsfileBytes(all, words);
        const path = join(folder, 'x.ff');
        writeFileSync(path, bytes);
        const script = join(repository, 'libs/formats/test/pp/foreign/describe-fieldsfile.py');
        const iris = runPython<IrisField>(script, words.wordBytes, path);
        const { source, sets } = await indexBytes(bytes, 'x.ff');
        // Fields in the order of the lookup table are those in the reverse order of their places.
        const found = sets
          .flatMap((each) => each.set.offsets.map((offset, row) => ({ each, row, offset })))
          .sort((a, b) => b.offset - a.offset);
        assert.equal(found.length, iris.length);
        for (const [i, { each, row }] of found.entries()) {
          const { name, time, latitude, values } = iris[i];
          assert.equal(each.variable.name, name);
          assert.deepEqual(gridValues(each.grid, 'latitude'), latitude);
          if (time !== null) assert.equal(coordinateOf(each.set, 'time').values[row], time);
          const own = Array.from(await fieldValues(source, each.set, row), Number);
          for (const [point, value] of own.entries()) {
            if (value === missing) assert.ok(iris[i].missing[point] || values[point] === missing);
            else assert.equal(value, values[point]);
          }
        }
      });
    });
  }

  it('may hold reals of 32 bits among words of 64, and WGDOS', async () => {
    const values = Array.from({ length: 12 }, (_, i) => 270 + i / 2);
    const singles = Buffer.alloc(48);
    for (const [i, value] of values.entries()) singles.writeFloatBE(value, 4 * i);
    // Rows of a header of two words, base and bits, and a word of four values of four bits, in steps of an eighth.
    const header = '0000000cfffffffd00040003';
    const rows = ['4310e000', '43110000', '43112000'].map((base) => `${base}00040001048c0000`);
    const packed = Buffer.from(header + rows.join(''), 'hex');
    const shape = { lbrow: 3, lbnpt: 4 };
    const fields = [
      { header: { ...shape, lbpack: 2, lbdat: 3 }, data: singles },
      { header: { ...shape, lbpack: 1, lbdat: 4 }, data: packed },
    ];
    const { source, sets } = await indexBytes(fieldsfileBytes(fields, wide), 'x.ff');
    const found: number[][] = [];
    for (const { set, variable } of sets) {
      assert.equal(variable.notComputable, '');
      for (const row of set.offsets.keys())
        found.push(Array.from(await fieldValues(source, set, row), Number));
    }
    assert.deepEqual(found, [values, values]);
  });

  it('of boundaries and observations are refused', async () => {
    await assert.rejects(
      indexBytes(fieldsfileBytes([{}], wide, { kind: 5 })),
      refused(
        'FORMAT_UNSUPPORTED',
        /a lateral boundary file of the Unified Model \(kind 5\) is not supported/,
      ),
    );
    await assert.rejects(
      indexBytes(fieldsfileBytes([{}], wide, { kind: 7 })),
      refused('FORMAT_UNSUPPORTED', /an? observation file of the Unified Model \(kind 7\)/),
    );
  });

  it('whose tables or fields do not fit are refused', async () => {
    const whole = Buffer.from(fieldsfileBytes([{}, {}], wide));
    await assert.rejects(
      indexBytes(whole.subarray(0, 4000)),
      refused('FORMAT_CORRUPT', /a lookup table of entries of 64 words within 4000 bytes/),
    );
    await assert.rejects(
      indexBytes(whole.subarray(0, whole.length - 512)),
      refused(
        'FORMAT_CORRUPT',
        /a field within \d+ bytes that begins where its records do, found LBEGIN \d+/,
      ),
    );
    // Not in records, and not where the field before ends.
    const loose = Buffer.from(fieldsfileBytes([{}, {}], wide, { records: false }));
    loose.writeBigInt64BE(7n, 8 * (256 + 46 + 38 + 64 + 28));
    await assert.rejects(indexBytes(loose), refused('FORMAT_CORRUPT', /found LBEGIN 7, LBNREC 0/));
    const negative = Buffer.from(whole);
    negative.writeBigInt64BE(-1n, 8 * (256 + 46 + 38 + 14));
    await assert.rejects(indexBytes(negative), refused('FORMAT_CORRUPT', /LBLREC -1, LBPACK 0/));
  });

  it('that are damaged end in an index or a typed error', async () => {
    const files = formats.map((words) => Buffer.from(fieldsfileBytes([{}, {}, {}], words)));
    const word = fc.record({ at: fc.nat(), value: fc.oneof(fc.integer(), fc.nat(400)) });
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...files.entries()),
        fc.array(word, { minLength: 1, maxLength: 5 }),
        fc.oneof(fc.constant(0), fc.nat(3000)),
        async ([which, file], changes, cut) => {
          const bytes = Buffer.from(file);
          const { wordBytes, order } = formats[which];
          // Words that tell something: the header and the lookup table.
          const telling = [
            ...Array(5).keys(),
            ...Array.from({ length: 330 }, (_, i) => 340 + i),
            149,
            150,
            151,
            159,
          ];
          for (const { at, value } of changes) {
            const place = wordBytes * telling[at % telling.length];
            const low = order === 'little' || wordBytes === 4 ? place : place + 4;
            if (order === 'little') bytes.writeInt32LE(value, low);
            else bytes.writeInt32BE(value, low);
          }
          const damaged = bytes.subarray(0, bytes.length - cut);
          const indexed = await withinLimits(() => indexBytes(damaged)).catch((error) => {
            assert.ok(isHyperslabError(error), String(error.stack));
          });
          // A worker answers with it.
          if (indexed !== undefined) FileIndex.encode(indexed.index).finish();
        },
      ),
      { numRuns: 1000 },
    );
  });
});
