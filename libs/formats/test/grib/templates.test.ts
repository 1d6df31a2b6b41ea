import assert from 'node:assert/strict';
import { join } from 'node:path';
import { isHyperslabError } from '@hyperslab/errors';
import { memorySource } from '@hyperslab/storage';
import { hasPython, runPython } from '@hyperslab/testing';
import fc from 'fast-check';
import { indexFile } from '../../src/index.ts';
import { fieldsOf, type IndexedField } from './indexed-fields.ts';

/** What ecCodes reads of a message of write-templates.py; null for what it has not. */
interface Written {
  message: string;
  perturbationNumber: number | null;
  validityDate: number | null;
  validityTime: number | null;
  typeOfLevel: string;
  level: number | null;
  tileIndex: number | null;
  partitionNumber: number | null;
  scaledValueOfCentralWaveNumber: number | null;
  quantileValue: number | null;
  scaledValueOfUpperLimit: number | null;
  randomFieldNumber: number | null;
  dataDate: number;
  dataTime: number;
  forecastTime: number | null;
}

/** Messages of a template that differ in a key only. */
interface Pair {
  template: number;
  key: string;
  pair?: [Written, Written];
}

const script = join(import.meta.dirname, 'write-templates.py');

describe('grib: product definition templates', function () {
  this.timeout(120_000);
  let pairs: Pair[];

  before(function () {
    if (!hasPython('eccodes')) {
      console.log('skipped: the Python of tools/setup.mjs --tests has no eccodes');
      this.skip();
    }
    pairs = runPython<Pair>(script);
  });

  it('are read as ecCodes reads them, and whatever differs is told apart', async () => {
    assert.ok(pairs.length > 600, `${pairs.length} pairs`);
    const read = new Set<number>();
    for (const { template, key, pair } of pairs) {
      // Observations have no forecast time.
      if (pair === undefined) assert.ok([30, 31, 35].includes(template) && key === 'forecastTime');
      else {
        const what = `template 4.${template}, ${key}`;
        const index = await indexFile(memorySource('pair.grib', joined(pair)));
        assert.deepEqual(index.notes, [], what);
        const fields = fieldsOf(index);
        assert.equal(fields.length, 2, what);
        for (const [i, written] of pair.entries()) compare(fields[i], written, what);
        assert.notEqual(identityOf(fields[0]), identityOf(fields[1]), what);
        read.add(template);
      }
    }
    assert.ok(read.size > 80, `${read.size} templates`);
  });

  it('that are damaged end in fields, notes or a typed error', async () => {
    const messages = [...new Map(pairs.map(({ template, pair }) => [template, pair])).values()];
    const bytes = messages.flatMap((pair) => (pair === undefined ? [] : [bytesOf(pair[0])]));
    const damage = fc.record({
      message: fc.constantFrom(...bytes),
      octets: fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 4 }),
    });
    await fc.assert(
      fc.asyncProperty(damage, async ({ message, octets }) => {
        const copy = Buffer.from(message);
        // Section 4 begins after sections 0, 1 and 3 of the sample: 16, 21 and 72 octets.
        for (const [at, octet] of octets) copy[109 + (at % (copy.length - 113))] = octet;
        await indexFile(memorySource('damaged.grib', copy)).catch((error) => {
          assert.ok(isHyperslabError(error), String(error.stack));
        });
      }),
      { numRuns: 1500 },
    );
  });
});

const bytesOf = ({ message }: Written) => Buffer.from(message, 'base64');
const joined = (pair: readonly Written[]) => Buffer.concat(pair.map(bytesOf));

/** What a merge tells fields apart by: where their variable is, and where they are in it. */
function identityOf({ name, level, at }: IndexedField): string {
  return JSON.stringify([name, level, at]);
}

function compare({ at, level }: IndexedField, written: Written, what: string): void {
  // Of observations and of templates that are no longer in use ecCodes knows no valid time.
  const valid =
    written.validityDate === null || written.validityTime === null
      ? hours(written.dataDate, written.dataTime) + (written.forecastTime ?? 0)
      : hours(written.validityDate, written.validityTime);
  assert.equal(at.time, valid, what);
  if (written.level === 500 && written.typeOfLevel === 'isobaricInhPa') {
    assert.ok(level.startsWith('@isobaricInhPa'), `${what}: ${level}`);
    assert.equal(at.isobaricInhPa, 500, what);
  }
  const places: Record<string, number | null> = {
    realization: written.perturbationNumber,
    tileIndex: written.tileIndex,
    partitionNumber: written.partitionNumber,
    centralWaveNumber: written.scaledValueOfCentralWaveNumber,
    quantile: written.quantileValue,
    randomFieldNumber: written.randomFieldNumber,
  };
  for (const [name, value] of Object.entries(places))
    assert.equal(at[name], value ?? undefined, `${what}: ${name}`);
  if (at.upper_limit !== undefined) assert.equal(at.upper_limit, written.scaledValueOfUpperLimit, what);
}

/** "20240603" and 600 as hours since 1970. */
function hours(date: number, time: number): number {
  const [year, month, day] = [Math.floor(date / 10_000), (Math.floor(date / 100) % 100) - 1, date % 100];
  return Date.UTC(year, month, day, Math.floor(time / 100), time % 100) / 3_600_000;
}
