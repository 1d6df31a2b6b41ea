import assert from 'node:assert/strict';
import { isHyperslabError, type Reason } from '@hyperslab/errors';
import { type ByteRange, memorySource, type ReadOptions } from '@hyperslab/storage';
import { indexFile } from '../../src/index.ts';
import { attributeOf, fieldsOf, type IndexedField, inlineValues, valuesOf } from './indexed-fields.ts';
import { grid2, message1, message2, product2, section2 } from './write-sections.ts';

const data = [1, 2, 3, 4, 5, 6];

async function indexOf(
  ...parts: (Uint8Array | string)[]
): Promise<{ fields: IndexedField[]; bytes: Buffer; notes: string[] }> {
  const bytes = Buffer.concat(
    parts.map((part) => (typeof part === 'string' ? Buffer.from(part, 'latin1') : part)),
  );
  const index = await indexFile(memorySource('test.grib', bytes));
  return { fields: fieldsOf(index), bytes, notes: index.notes };
}

async function rejectsWith(reason: Reason, promise: Promise<unknown>, text: RegExp): Promise<void> {
  await assert.rejects(promise, (error) => {
    assert.ok(isHyperslabError(error, reason), String(error));
    assert.match(error.message, text);
    return true;
  });
}

describe('grib: messages', () => {
  it('of edition 1 are chunks with their place in time and height', async () => {
    const { fields, bytes } = await indexOf(message1({ data }));
    const [field] = fields;
    assert.deepEqual(
      [field.name, field.level, field.offset, field.length],
      ['t', '@isobaricInhPa', 0, bytes.length],
    );
    assert.deepEqual(field.layout, {
      storedDtype: 'float32',
      chunkShape: [2, 3],
      codecs: [
        { name: 'bytes', configuration: '{"endian":"little"}' },
        { name: 'grib', configuration: '{"edition":1,"scan":0,"ni":3,"nj":2}' },
      ],
      edgeChunksPadded: true,
    });
    const reference = Date.UTC(2024, 5, 3, 12) / 3_600_000;
    assert.deepEqual(field.at, {
      forecast_reference_time: reference,
      time: reference + 6,
      forecast_period: 6,
      isobaricInhPa: 500,
    });
    assert.deepEqual([...(await valuesOf(field, bytes))], data);
    assert.deepEqual(
      field.grid.variables.map((variable) => [variable.name, [...Array.from(inlineValues(variable))]]),
      [
        ['latitude', [60, 50]],
        ['longitude', [-10, 0, 10]],
      ],
    );
    assert.ok(Number.isNaN(attributeOf(field.set.variable!, '_FillValue')));
  });

  it('of edition 2 with several fields are a chunk for each', async () => {
    const more = [7, 8, 9, 10, 11, 12];
    const { fields, bytes } = await indexOf(
      message2([
        { before: [section2([1, 2, 3]), grid2], product: product2(2, 2, 103, 10), data },
        { product: product2(2, 3, 103, 10), data: more },
        { before: [section2([4])], product: product2(0, 0, 103, 2), data },
      ]),
    );
    assert.deepEqual(
      fields.map(({ name }) => name),
      ['u10', 'v10', 't2m'],
    );
    assert.deepEqual(
      fields.map(({ layout }) => JSON.parse(layout.codecs[1].configuration)),
      [0, 1, 2].map((field) => ({ edition: 2, field, scan: 0, ni: 3, nj: 2 })),
    );
    assert.ok(fields.every(({ offset }) => offset === 0));
    assert.ok(fields[0].length < fields[1].length && fields[2].length === bytes.length - 4);
    assert.deepEqual([...(await valuesOf(fields[1], bytes))], more);
    assert.deepEqual(Array.from(inlineValues(fields[0].grid.variables[1])), [-10, 0, 10]);
  });

  it('are found among other bytes', async () => {
    const one = message1({ data });
    const header = '\x01\r\r\n041\r\r\nHTXA85 EGRR 190600\r\r\n';
    const { fields, notes } = await indexOf(
      header,
      one,
      'GRIB, as they say ',
      '\0\0',
      message1({ data, level: 850 }),
      header,
      message2([{ before: [grid2], product: product2(0, 0, 1, 0), data }]),
      '\0'.repeat(9),
    );
    const second = header.length + one.length + 20;
    assert.deepEqual(
      fields.map(({ offset }) => offset),
      [header.length, second, second + one.length + header.length],
    );
    assert.deepEqual(notes, []);
  });

  it('share a layout and a grid', async () => {
    const levels = [1000, 850, 500].map((level) => message1({ data, level }));
    const { fields } = await indexOf(...levels);
    assert.equal(new Set(fields.map(({ set }) => set)).size, 1);
    assert.equal(fields[0].set.layouts.length, 1);
    assert.deepEqual(
      fields.map(({ at }) => at.isobaricInhPa),
      [1000, 850, 500],
    );
  });

  it('may be longer than three octets tell', async () => {
    // ECMWF's way: units of 120 octets, and what is too much in the length of section 4.
    const message = message1({ data });
    const pad = new Uint8Array(120 * 80_000);
    const long = Buffer.concat([message.subarray(0, -4), pad, message.subarray(-4)]);
    const section4 = 8 + 28 + 32;
    const units = Math.ceil(long.length / 120);
    long.writeUIntBE(0x800000 + units, 4, 3);
    long.writeUIntBE(units * 120 - long.length + 4, section4, 3);
    const { fields } = await indexOf(long, message);
    assert.deepEqual(
      fields.map(({ offset, length }) => [offset, length]),
      [
        [0, long.length],
        [long.length, message.length],
      ],
    );
  });

  it('are read by their headers when they are long', async () => {
    const length = 5_000_000;
    const largeAfter = (hours: number) => {
      const short = message2([{ before: [grid2], product: product2(0, 0, 1, 0, hours), data }]);
      const large = Buffer.concat([short.subarray(0, -4), new Uint8Array(length), short.subarray(-4)]);
      large.writeBigUInt64BE(BigInt(large.length), 8);
      large.writeUInt32BE(11 + length, short.length - 4 - 11);
      return large;
    };
    const file = Buffer.concat([6, 9, 12, 15].map(largeAfter));
    const requests: ByteRange[] = [];
    const source = memorySource('large.grib', file);
    const watched = {
      ...source,
      read: (ranges: readonly ByteRange[], options?: ReadOptions) => {
        requests.push(...ranges);
        return source.read(ranges, options);
      },
    };
    const index = await indexFile(watched);
    assert.equal(fieldsOf(index).length, 4);
    assert.ok(requests.length <= 5, `${requests.length} requests`);
    assert.ok(index.bytesRead < 110_000, `${index.bytesRead} bytes`);
  });
});

describe('grib: damaged files', () => {
  const message = message1({ data });
  const second = message2([{ before: [grid2], product: product2(0, 0, 1, 0), data }]);

  it('that are cut off are refused', async () => {
    for (const cut of [1, 5, 20, message.length - 10]) {
      await rejectsWith('FORMAT_CORRUPT', indexOf(message, message.subarray(0, -cut)), /at byte/);
    }
    for (const cut of [1, 5, 30, second.length - 10]) {
      await rejectsWith('FORMAT_CORRUPT', indexOf(second, second.subarray(0, -cut)), /at byte/);
    }
  });

  it('whose messages do not end are refused', async () => {
    const broken = Buffer.from(message);
    broken.write('7776', broken.length - 4);
    await rejectsWith(
      'FORMAT_CORRUPT',
      indexOf(broken),
      /expected 7777 at the end of the message at byte 0, found "7776"/,
    );
  });

  it('that lack a section are refused', async () => {
    await rejectsWith(
      'FORMAT_CORRUPT',
      indexOf(message2([{ product: product2(0, 0, 1, 0), data }])),
      /sections 1, 3 and 4 before section 7/,
    );
    const end = second.length - 4;
    const repeated = Buffer.concat([
      second.subarray(0, end),
      Buffer.from([0, 0, 0, 5, 7]),
      second.subarray(end),
    ]);
    repeated.writeBigUInt64BE(BigInt(repeated.length), 8);
    await rejectsWith('FORMAT_CORRUPT', indexOf(repeated), /sections 1, 3 and 4 before section 7/);
  });

  it('whose grid does not have its points are refused', async () => {
    const grid = [...grid2];
    grid[9] = 7;
    await rejectsWith(
      'FORMAT_CORRUPT',
      indexOf(message2([{ before: [grid], product: product2(0, 0, 1, 0), data }])),
      /expected a grid of 7 points, found one of 2 × 3/,
    );
  });

  it('leave out what is not read, and say so', async () => {
    const odd = product2(0, 0, 1, 0);
    odd[1] = 254;
    const { fields, notes } = await indexOf(
      message2([{ before: [grid2], product: odd, data }]),
      message1({ data, time: [1, 0, 0, 200] }),
      message1({ data, gridNumber: 199, centre: 98 }),
    );
    assert.equal(fields.length, 1);
    assert.equal(notes.length, 3);
    assert.match(
      notes[0],
      /^the field at byte 0 was left out: product definition template 4\.254 is not read$/,
    );
    assert.match(notes[1], /time range 200 in units 1 from 2024-6-3 is not read/);
    assert.match(notes[2], /grid 199 of centre 98, which the file does not define, is not read/);
    assert.deepEqual(fields[0].layout.chunkShape, [6]);
  });
});
