import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FileIndex } from '@hyperslab/proto/index';
import { memorySource } from '@hyperslab/storage';
import { sharedData } from '@hyperslab/testing';
import { indexFile } from '../../src/index.ts';
import { fieldsOf, type IndexedField, valuesOf } from './indexed-fields.ts';
import { mappedPlace, placesOf } from './places.ts';

/** A message as ecCodes reads it. */
interface OracleMessage {
  offset: number;
  totalLength: number;
  edition: number;
  validityDate: number;
  validityTime: number;
  dataDate: number;
  dataTime: number;
  shortName: string;
  typeOfLevel: string;
  level: number;
  number?: number;
  numberOfPoints: number;
  Ni?: number;
  alternativeRowScanning?: number;
  count_missing: number;
  samples: { index: [number]; value: number | null; lat?: number; lon?: number }[];
}

interface OracleFile {
  n_messages: number;
  messages?: OracleMessage[];
  /** Name, kind of level and level of the first messages. */
  inventory: string[];
}

/** Where our names are not ecCodes' with digits behind the first letter; ecCodes has one name for all constituents. */
const names: Record<string, string[]> = {
  '2t': ['t2m'],
  '4lftx': ['lftx4'],
  mass_mixrat: ['co', 'param_0_20_2_constituent_7', 'go3'],
};

const data = sharedData();

describe('grib: real files against their oracle', function () {
  this.timeout(60_000);
  if (data === undefined) {
    it('needs ../shared/data beside the repository', function () {
      this.skip();
    });
    return;
  }
  const oracle = JSON.parse(readFileSync(join(data, 'ORACLE.json'), 'utf8')) as Record<string, OracleFile>;
  for (const [name, file] of Object.entries(oracle)) {
    if (!/^grib[12]\//.test(name)) continue;
    it(`${name}: messages, parameters, levels, times, places, samples`, async () => {
      const bytes = new Uint8Array(readFileSync(join(data, name)));
      const index = await indexFile(memorySource(name, bytes));
      const fields = fieldsOf(index);
      const messages = new Set(fields.map(({ offset }) => offset));
      assert.equal(messages.size, file.n_messages);
      for (const message of file.messages ?? []) {
        const field = fields.find(({ offset }) => offset === message.offset);
        assert.ok(field !== undefined, `no field at ${message.offset}`);
        compareProduct(field, message);
        await compareSamples(index, field, message, bytes);
      }
      for (const [i, offset] of [...messages].slice(0, file.inventory.length).entries())
        compareInventory(
          fields.filter((field) => field.offset === offset),
          file.inventory[i],
        );
    });
  }
});

/** A line of an inventory; ecCodes tells the first field of a message only. */
function compareInventory([field]: IndexedField[], line: string): void {
  const [, shortName, typeOfLevel, level] = /^(\w+)@(\w+):(-?\d+)$/.exec(line)!;
  compareParameter(field, { shortName, typeOfLevel, level: Number(level), offset: field.offset });
}

function compareProduct(field: IndexedField, message: OracleMessage): void {
  const { set, at } = field;
  const where = `${field.name} at ${message.offset}`;
  compareParameter(field, message);
  assert.equal(
    set.variable!.shape.reduce((a, b) => a * b, 1),
    message.numberOfPoints,
    where,
  );
  if (at.time !== undefined) {
    assert.equal(at.time, hours(message.validityDate, message.validityTime), where);
    assert.equal(at.forecast_reference_time, hours(message.dataDate, message.dataTime), where);
    assert.equal(at.forecast_period, at.time - at.forecast_reference_time, where);
  } else assert.deepEqual([at.month, at.day, at.hour], [8, 1, 12]);
  if (at.realization !== undefined || (message.number ?? 0) > 0)
    assert.equal(at.realization, message.number, where);
}

function compareParameter(
  { name, level, at, bounds }: IndexedField,
  message: Pick<OracleMessage, 'shortName' | 'typeOfLevel' | 'level' | 'offset'>,
): void {
  const where = `${name} at ${message.offset}`;
  const plain = message.shortName.replace(/^(\d+)([A-Za-z])/, '$2$1');
  assert.ok((names[message.shortName] ?? [plain]).includes(name), `${where}: ${message.shortName}`);
  const kind = level.slice(1);
  assert.ok(kind === message.typeOfLevel || kind.startsWith(`${message.typeOfLevel}_`), `${where}: ${kind}`);
  const found = at[message.typeOfLevel];
  if (found !== undefined && bounds[message.typeOfLevel] === undefined)
    assert.equal(found, message.level, where);
}

/** "20240603" and 600 as hours since 1970. */
function hours(date: number, time: number): number {
  const [year, month, day] = [Math.floor(date / 10_000), (Math.floor(date / 100) % 100) - 1, date % 100];
  return Date.UTC(year, month, day, Math.floor(time / 100), time % 100) / 3_600_000;
}

async function compareSamples(
  fileIndex: FileIndex,
  field: IndexedField,
  message: OracleMessage,
  bytes: Uint8Array,
): Promise<void> {
  const places = await placesOf(fileIndex, field);
  const values = await valuesOf(field, bytes);
  // Where complex packing has a number for missing points, the oracle has that number.
  const isNumber = message.samples.some(({ value }) => value === 9999);
  const missing = values.filter(Number.isNaN).length;
  assert.ok(
    isNumber ? missing > 0 : missing === message.count_missing,
    `${missing} missing at ${message.offset}`,
  );
  for (const { index, value, lat, lon } of message.samples) {
    const point = inRows(index[0], message);
    const where = `${field.name} at ${message.offset}, point ${point}`;
    if (value === null || value === 9999) assert.ok(Number.isNaN(values[point]), where);
    else
      assert.ok(
        Math.abs(values[point] - value) <= 1e-6 * Math.abs(value) + 1e-30,
        `${where}: ${values[point]} for ${value}`,
      );
    if (places === undefined || lat === undefined || lon === undefined) continue;
    // Where rows run to and fro, the oracle has values in the order of the file but places row by row.
    if (point !== index[0]) continue;
    // Edition 1 rounds to thousandths; ecCodes steps by rounded distances.
    const exact: [number, number] = [places[0][point], places[1][point]];
    const ways: [number, number][] = [exact, mappedPlace(field, point) ?? exact];
    for (const place of ways) {
      const turn: number = Math.abs(((place[1] - lon + 540) % 360) - 180) * Math.cos((lat * Math.PI) / 180);
      assert.ok(Math.abs(place[0] - lat) < 1.2e-3 && turn < 1.2e-3, `${where}: ${place} for ${lat}, ${lon}`);
    }
  }
}

/** Samples are counted in the order of the file, where every second row may run back. */
function inRows(position: number, { alternativeRowScanning, Ni }: OracleMessage): number {
  if (alternativeRowScanning !== 1 || Ni === undefined) return position;
  const row = Math.floor(position / Ni);
  return row % 2 === 0 ? position : 2 * row * Ni + Ni - 1 - position;
}
