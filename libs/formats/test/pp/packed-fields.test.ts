import assert from 'node:assert/strict';
import { isHyperslabError } from '@hyperslab/errors';
import fc from 'fast-check';
import type { PpHeader } from '../../src/pp/header.ts';
import type { WordFormat } from '../../src/pp/word-format.ts';
import { bigEndian, type FieldBytes, ppBytes } from './pp-bytes.ts';
import { fieldValues, gridValues, type Indexed, indexBytes, onlySet, textOf } from './reference.ts';

const missing = -32768;

const anyFormat: fc.Arbitrary<WordFormat> = fc
  .tuple(fc.constantFrom('little' as const, 'big' as const), fc.constantFrom([4, 4], [8, 8], [8, 4], [4, 8]))
  .map(([order, [wordBytes, markerBytes]]) => ({ order, wordBytes, markerBytes }) as WordFormat);

/** Words of a format, as data that are not one for each point. */
function words(values: readonly number[], { order, wordBytes }: WordFormat): Uint8Array {
  const bytes = Buffer.alloc(values.length * wordBytes);
  for (const [i, value] of values.entries()) {
    if (wordBytes === 8) bytes[order === 'big' ? 'writeDoubleBE' : 'writeDoubleLE'](value, 8 * i);
    else bytes[order === 'big' ? 'writeFloatBE' : 'writeFloatLE'](value, 4 * i);
  }
  return bytes;
}

async function valuesOf({ source, sets }: Indexed, set = 0, row = 0): Promise<number[]> {
  return Array.from(await fieldValues(source, sets[set].set, row), Number);
}

describe('pp: words', () => {
  it('are of 32 and 64 bits, of either byte order', async () => {
    const anyField = fc.record({
      lbrow: fc.integer({ min: 1, max: 7 }),
      lbnpt: fc.integer({ min: 1, max: 7 }),
      lbuser1: fc.constantFrom(0, 1, 2, 3),
      padding: fc.nat(2),
    });
    await fc.assert(
      fc.asyncProperty(
        anyFormat,
        fc.array(anyField, { minLength: 1, maxLength: 4 }),
        async (format, fields) => {
          const file = fields.map(({ padding, ...header }, n): FieldBytes => {
            const values = Array.from(
              { length: header.lbrow * header.lbnpt + padding },
              (_, i) => 1000 * n + i,
            );
            return { header: { ...header, lbfc: n, lbuser4: 0 }, values };
          });
          const indexed = await indexBytes(ppBytes(file, format));
          for (const [n, { lbrow, lbnpt, lbuser1 }] of fields.entries()) {
            const at = indexed.sets.findIndex(({ variable }) => variable.name === `field_code_${n}`);
            const { variable } = indexed.sets[at];
            assert.deepEqual(variable.shape, [lbrow, lbnpt]);
            const kind = lbuser1 >= 2 ? 'int' : 'float';
            assert.equal(variable.dtype, `${kind}${8 * format.wordBytes}`);
            const expected = Array.from({ length: lbrow * lbnpt }, (_, i) => 1000 * n + i);
            assert.deepEqual(await valuesOf(indexed, at), expected);
          }
        },
      ),
    );
  });

  it('of 64 bits hold reals of 32 bits in packing 2', async () => {
    const data = words([1.5, 2.5, missing], bigEndian);
    const format: WordFormat = { order: 'big', wordBytes: 8, markerBytes: 8 };
    const bytes = ppBytes([{ header: { lbrow: 1, lbnpt: 3, lbpack: 2 }, data }], format);
    const found = await onlySet(bytes);
    assert.equal(found.variable.dtype, 'float32');
    assert.deepEqual(await valuesOf(found), [1.5, 2.5, missing]);
  });
});

describe('pp: packed fields', () => {
  it('of run lengths are decoded', async () => {
    await fc.assert(
      fc.asyncProperty(anyFormat, fc.integer({ min: 2, max: 500 }), async (format, run) => {
        const header = { lbrow: 2, lbnpt: run, lbpack: 4, bmdi: missing };
        const data = words([7, missing, 2 * run - 2, 9.5], format);
        const found = await onlySet(ppBytes([{ header, data }], format));
        assert.deepEqual(await valuesOf(found), [7, ...Array<number>(2 * run - 2).fill(missing), 9.5]);
      }),
    );
  });

  it('of land or sea points get the places that the mask of the file tells', async () => {
    const anyMask = fc.array(fc.boolean(), { minLength: 12, maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(
        anyFormat,
        anyMask,
        fc.constantFrom(120, 122, 220),
        fc.boolean(),
        async (format, mask, lbpack, maskLast) => {
          const land: FieldBytes = {
            header: { lbrow: 3, lbnpt: 4, lbuser1: 3, lbuser4: 30 },
            values: mask.map(Number),
          };
          const wanted = lbpack === 220 ? mask.map((set) => !set) : mask;
          const values = mask.map((_, i) => i + 0.5);
          const stored = values.filter((_, i) => wanted[i]);
          const narrow = { ...format, wordBytes: 4 } as const;
          const packed: FieldBytes = {
            // Such fields have no rows and columns of their own; records are rounded up.
            header: { lbrow: 0, lbnpt: 0, lbpack, lbuser4: 23, bmdi: missing },
            data: words([...stored, 0], lbpack === 122 ? narrow : format),
          };
          const bytes = ppBytes(maskLast ? [packed, land] : [land, packed], format);
          const indexed = await indexBytes(bytes);
          const at = indexed.sets.findIndex(
            ({ variable }) => textOf(variable, 'um_stash_source') === 'm01s00i023',
          );
          assert.deepEqual(indexed.sets[at].variable.shape, [3, 4]);
          assert.deepEqual(
            await valuesOf(indexed, at),
            values.map((value, i) => (wanted[i] ? value : missing)),
          );
        },
      ),
    );
  });
});

describe('pp: fields that are only described', () => {
  const cases: [what: string, header: Partial<PpHeader>, reason: RegExp][] = [
    ['GRIB', { lbpack: 3 }, /packed as GRIB \(LBPACK 3\)/],
    ['an unknown packing', { lbpack: 5 }, /its packing is not known \(LBPACK 5\)/],
    ['a negative packing', { lbpack: -1 }, /its packing is not known \(LBPACK -1\)/],
    ['field indices', { lbpack: 10 }, /compressed by field indices \(LBPACK 10\)/],
    ['land points without a mask', { lbpack: 120 }, /the land\/sea mask \(m01s00i030\) is not in its file/],
    ['packed land points', { lbpack: 121 }, /its land or sea points are packed further \(LBPACK 121\)/],
    ['IBM numbers', { lbpack: 1000 }, /not IEEE ones \(LBPACK 1000\)/],
    ['an unknown type', { lbuser1: 7 }, /its data type is not known \(LBUSER1 7\)/],
    ['packed integers', { lbuser1: 2, lbpack: 4 }, /its integers are packed \(LBUSER1 2\)/],
    ['too few values', { lbrow: 3 }, /holds 24 bytes of data, and LBROW × LBNPT are 3 × 3 words of 4/],
    ['another length', { lblrec: 7 }, /LBLREC says that its record has 7 words, and it has 24 bytes/],
    ['too many points', { lbrow: 20_000, lbnpt: 20_000, lbpack: 4 }, /more than one chunk may hold/],
  ];
  for (const [what, header, reason] of cases) {
    it(`are those of ${what}`, async () => {
      const { variable, set } = await onlySet(ppBytes([{ header, values: [1, 2, 3, 4, 5, 6] }]));
      assert.match(variable.notComputable, reason);
      assert.deepEqual([set.offsets.length, set.lengths.length, set.layouts.length], [1, 1, 1]);
    });
  }

  it('are packed ones without data', async () => {
    for (const lbpack of [1, 4]) {
      const file = ppBytes([{ header: { lbrow: 2, lbnpt: 3, lbpack }, data: new Uint8Array() }]);
      assert.equal((await onlySet(file)).variable.notComputable, 'its record holds no data');
    }
  });

  it('leave others of their file computable', async () => {
    const file = [{ header: { lbpack: 3 } }, { values: [1, 2, 3, 4, 5, 6] }];
    const indexed = await indexBytes(ppBytes(file));
    assert.equal(indexed.sets.length, 2);
    assert.deepEqual(await valuesOf(indexed, 1), [1, 2, 3, 4, 5, 6]);
  });

  it('are left out with a note where no shape is told', async () => {
    const { index, sets } = await indexBytes(
      ppBytes([{ header: { lbrow: 0, lbnpt: 9 }, data: new Uint8Array(4) }]),
    );
    assert.equal(sets.length, 0);
    assert.deepEqual(index.notes, ['the field at byte 268 was left out: its shape is 0 × 9']);
  });
});

describe('pp: cross-sections', () => {
  it('have axes by LBCODE, from steps and from extra data', async () => {
    const header = { lbcode: 11001, lbrow: 2, lbnpt: 3, bzx: -100, bdx: 50, bdy: 0, lbvc: 8, blev: 0 };
    const extra = [[2, [850, 500]]] as const;
    const { grid, variable, set } = await onlySet(ppBytes([{ header, extra }]));
    assert.deepEqual(
      variable.dimensions.map((path) => path.split('/').at(-1)),
      ['pressure', 'latitude'],
    );
    assert.deepEqual(gridValues(grid, 'pressure'), [850, 500]);
    assert.deepEqual(gridValues(grid, 'latitude'), [-50, 0, 50]);
    assert.ok(set.coordinates.every((column) => column.variable!.name !== 'pressure'));
    assert.equal(textOf(variable, 'grid_mapping'), undefined);
  });

  it('along time are of no single time', async () => {
    const header = { lbcode: 12310, lbrow: 2, lbnpt: 3, bdx: 0 };
    const { grid, set } = await onlySet(ppBytes([{ header, extra: [[1, [720_000, 720_001, 720_002]]] }]));
    assert.deepEqual(gridValues(grid, 'time'), [720_000, 720_001, 720_002]);
    assert.ok(set.coordinates.every((column) => column.variable!.name !== 'time'));
  });

  it('of time series have times between the dates of the header, and sites', async () => {
    const header = {
      ...{ lbcode: 31323, lbrow: 4, lbnpt: 2, lbuser1: -1, lbtim: 122, bdx: 1, bzx: 0, bdy: 0 },
      ...{ lbyr: 1959, lbmon: 1, lbdat: 1, lbhr: 0, lbyrd: 1959, lbmond: 1, lbdatd: 3, lbft: 24 },
    };
    const extra = [
      [3, [50, 60]],
      [4, [0, 10]],
      [5, [52, 60]],
      [6, [4, 10]],
    ] as const;
    const values = [1, 2, 3, 4, 5, 6, 7, 8];
    const found = await onlySet(ppBytes([{ header, extra, values }]));
    const { grid, variable, set } = found;
    assert.deepEqual(
      variable.dimensions.map((path) => path.split('/').at(-1)),
      ['time', 'site_number'],
    );
    const day = 1959 * 360;
    assert.deepEqual(gridValues(grid, 'time'), [day, day + 0.5, day + 1, day + 1.5]);
    assert.deepEqual(gridValues(grid, 'site_number'), [1, 2]);
    assert.deepEqual(gridValues(grid, 'longitude'), [2, 10]);
    assert.deepEqual(gridValues(grid, 'latitude_bnds'), [50, 52, 60, 60]);
    assert.equal(textOf(variable, 'coordinates'), 'longitude latitude');
    assert.deepEqual(
      set.coordinates.map((column) => [column.variable!.name, column.values]),
      [['forecast_reference_time', [-95_016]]],
    );
    assert.deepEqual(await valuesOf(found), values);
  });

  it('get indices and a note for axes of which nothing is known', async () => {
    const { variable, index } = await onlySet(ppBytes([{ header: { lbcode: 19910, bdy: 0 } }]));
    assert.deepEqual(
      variable.dimensions.map((path) => path.split('/').at(-1)),
      ['latitude', 'x'],
    );
    assert.match(
      index.notes.join('\n'),
      /the y axis of 2 points has no coordinate: the file does not tell its values/,
    );
    assert.match(index.notes.join('\n'), /the x axis of 3 points has no coordinate: LBCODE is 19910/);
  });
});

describe('pp: sets', () => {
  it('hold fields that differ in scalar coordinates only, in the order of the file', async () => {
    const at = (lblev: number, lbhr: number, more: Partial<PpHeader> = {}): FieldBytes => ({
      header: { lbvc: 9, lblev, lbhr, bhlev: 10 * lblev, blev: 0.5, ...more },
      values: [lblev, lbhr, 0, 0, 0, 0],
    });
    const file = [
      at(1, 4),
      at(2, 4),
      at(1, 4, { lbproc: 128 }),
      at(1, 5, { lbpack: 4 }),
      at(2, 5, { lbuser4: 10 }),
    ];
    const indexed = await indexBytes(ppBytes(file));
    assert.deepEqual(
      indexed.sets.map(({ level, variable, set }) => [level.name, variable.name, set.offsets.length]),
      [
        ['@hybrid_pressure_m01s00i004', 'air_potential_temperature', 3],
        ['@hybrid_pressure_m01s00i004_time_mean', 'air_potential_temperature', 1],
        ['@hybrid_pressure_m01s00i010', 'specific_humidity', 1],
      ],
    );
    const { set } = indexed.sets[0];
    assert.deepEqual(set.layoutOf, [0, 0, 1]);
    const column = (name: string) => set.coordinates.find((each) => each.variable!.name === name)!.values;
    assert.deepEqual(column('model_level_number'), [1, 2, 1]);
    assert.deepEqual(column('level_pressure'), [10, 20, 10]);
    assert.deepEqual(await valuesOf(indexed, 0, 2), [1, 5, 0, 0, 0, 0]);
    assert.equal(indexed.index.root!.groups.length, 1);
  });
});

describe('pp: damaged files', () => {
  const file = ppBytes([{ values: [1, 2, 3, 4, 5, 6] }, { extra: [[1, [1, 2, 3]]], header: { bdx: 0 } }]);
  const cases: [what: string, change: (bytes: Buffer) => Uint8Array, text: RegExp][] = [
    [
      'are cut off in the data',
      (bytes) => bytes.subarray(0, 280),
      /at byte 268: expected a data record of 24 bytes and its length, found 12 bytes left/,
    ],
    [
      'are cut off in a header',
      (bytes) => bytes.subarray(0, 400),
      /at byte 296: expected a header record of 256 bytes, found 104 bytes left/,
    ],
    [
      'end in other bytes',
      (bytes) => Buffer.concat([bytes, Buffer.alloc(8)]),
      /expected a header record of 256 bytes, found 8 bytes left/,
    ],
    [
      'differ in the lengths of a record',
      (bytes) => bytes.fill(1, 292, 296),
      /at byte 292: expected the length 24 of a Fortran record, found 16843009/,
    ],
    [
      'claim more extra data than there are',
      (bytes) => bytes.fill(9, 4 + 76, 4 + 80),
      /expected a data record that holds 151587081 words of extra data, found one of 24 bytes/,
    ],
    [
      'have vectors that do not fit',
      (bytes) => bytes.fill(1, bytes.length - 20, bytes.length - 16),
      /expected a vector of extra data within 12 bytes, found one of 16843 words/,
    ],
  ];
  for (const [what, change, text] of cases) {
    it(`are refused that ${what}`, async () => {
      await assert.rejects(indexBytes(change(Buffer.from(file))), (error) => {
        assert.ok(isHyperslabError(error, 'FORMAT_CORRUPT'), String(error));
        assert.match(error.message, text);
        return true;
      });
    });
  }

  it('of records in parts are not supported', async () => {
    const bytes = Buffer.from(file);
    bytes.writeInt32BE(-24, 264);
    await assert.rejects(indexBytes(bytes), (error) => isHyperslabError(error, 'FORMAT_UNSUPPORTED'));
  });
});
