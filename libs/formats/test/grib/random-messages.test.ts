import assert from 'node:assert/strict';
import { join } from 'node:path';
import type { FileIndex } from '@hyperslab/proto/index';
import { memorySource } from '@hyperslab/storage';
import { hasPython, runPython, skip, withRandomSeed } from '@hyperslab/testing';
import { indexFile } from '../../src/index.ts';
import { attributeOf, fieldsOf, type IndexedField } from './indexed-fields.ts';
import { mappedPlace, placesOf } from './places.ts';

/** A message of write-messages.py, and what ecCodes reads of it. */
interface Written {
  message: string;
  edition: number;
  shortName: string;
  gridType: string;
  typeOfLevel: string;
  topLevel: number;
  bottomLevel: number;
  level: number;
  dataDate: number;
  dataTime: number;
  validityDate: number;
  validityTime: number;
  startStep: number;
  endStep: number;
  stepType: string;
  units: string;
  member: number | null;
  count: number;
  /** Number of a point, latitude, longitude; without these where the map has no place. */
  places: [number, number | null, number | null][];
}

const script = join(import.meta.dirname, 'write-messages.py');

/** What may lie between messages: the header of a bulletin, padding, a word that begins a message and none. */
const between = [
  '',
  '\x01\r\r\n123\r\r\nYUWA89 KWBC 220000\r\r\n',
  '\0'.repeat(37),
  'GRIB, they say',
  'GRIB\0\0\0\x02',
];

describe('grib: messages that ecCodes writes', function () {
  this.timeout(120_000);
  it('are described as ecCodes describes them', async function () {
    if (!hasPython('eccodes', 'numpy')) skip(this, 'no eccodes; "npm test" installs it');
    await withRandomSeed(async (seed) => {
      const written = runPython<Written>(script, seed, 180);
      assert.ok(written.length > 100, `${written.length} messages`);
      const parts = written.flatMap(({ message }, i) => [
        Buffer.from(between[i % between.length], 'latin1'),
        Buffer.from(message, 'base64'),
      ]);
      const index = await indexFile(memorySource('random.grib', Buffer.concat(parts)));
      const fields = fieldsOf(index);
      assert.equal(fields.length, written.length);
      for (const [i, message] of written.entries()) {
        assert.equal(fields[i].length, Buffer.from(message.message, 'base64').length);
        const what = `message ${i} of ${message.gridType}, edition ${message.edition}`;
        compare(fields[i], message, what);
        await comparePlaces(index, fields[i], message, what);
      }
    });
  });
});

const processes: Record<string, string> = { accum: 'sum', avg: 'mean', max: 'maximum', min: 'minimum' };

function compare(field: IndexedField, written: Written, what: string): void {
  const { at, bounds, set } = field;
  // Our tables hold more: NCEP's of edition 1, rows of other centres.
  if (written.shortName !== 'unknown') {
    assert.equal(field.name, nameOf(written.shortName), what);
    assert.equal(unitsOf(String(attributeOf(set.variable!, 'units') ?? '')), unitsOf(written.units), what);
  }
  assert.ok(field.level.startsWith(`@${written.typeOfLevel}`), `${what}: ${field.level}`);
  const level = at[written.typeOfLevel];
  if (level !== undefined && bounds[written.typeOfLevel] === undefined)
    assert.equal(level, written.level, what);
  const [reference, valid] = [
    hours(written.dataDate, written.dataTime),
    hours(written.validityDate, written.validityTime),
  ];
  assert.deepEqual(
    [at.forecast_reference_time, at.time, at.forecast_period],
    [reference, valid, valid - reference],
  );
  const process = processes[written.stepType];
  const method = attributeOf(set.variable!, 'cell_methods');
  if (process === undefined) assert.deepEqual([bounds.time, method], [undefined, undefined], what);
  else {
    // Edition 1 has no maximum: ecCodes writes an interval.
    if (written.edition === 2 || process === 'sum' || process === 'mean')
      assert.equal(method, `time: ${process}`, what);
    assert.deepEqual(bounds.time, [reference + written.startStep, reference + written.endStep], what);
  }
  assert.equal(at.realization, written.member ?? undefined, what);
  assert.equal(
    field.layout.chunkShape.reduce((a, b) => a * b, 1),
    written.count,
    what,
  );
}

/** By the coordinates of the grid, and again by its grid mapping. */
async function comparePlaces(
  index: FileIndex,
  field: IndexedField,
  { places }: Written,
  what: string,
): Promise<void> {
  const found = await placesOf(index, field);
  assert.ok(found !== undefined, `${what}: no places`);
  for (const [point, latitude, longitude] of places) {
    const exact: [number, number] = [found[0][point], found[1][point]];
    if (latitude === null || longitude === null) {
      assert.deepEqual(exact, [Number.NaN, Number.NaN], `${what}, point ${point}`);
      continue;
    }
    for (const place of [exact, mappedPlace(field, point) ?? exact]) {
      const turn =
        Math.abs(((place[1] - longitude + 540) % 360) - 180) * Math.cos((latitude * Math.PI) / 180);
      const error = Math.max(Math.abs(place[0] - latitude), turn);
      assert.ok(error < 1.5e-3, `${what}, point ${point}: ${place} for ${latitude}, ${longitude}`);
    }
  }
}

function nameOf(shortName: string): string {
  const renamed: Record<string, string> = { '2t': 't2m', '2d': 'd2m', '10fg': 'fg10' };
  return renamed[shortName] ?? shortName.replace(/^(\d+)([A-Za-z])/, '$2$1');
}

/** Units without the differences of spelling. */
function unitsOf(text: string): string {
  const dimensionless = /^(|~|1|\(0 - 1\)|Numeric|dimensionless|Proportion|Fraction)$/i;
  return dimensionless.test(text) ? '1' : text.replaceAll('**', '').replace('m of water equivalent', 'm');
}

/** "20240603" and 600 as hours since 1970. */
function hours(date: number, time: number): number {
  const [year, month, day] = [Math.floor(date / 10_000), (Math.floor(date / 100) % 100) - 1, date % 100];
  return Date.UTC(year, month, day, Math.floor(time / 100), time % 100) / 3_600_000;
}
