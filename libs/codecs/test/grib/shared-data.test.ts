import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sharedData } from '@hyperslab/testing';
import { decodeChunk } from '../../src/index.ts';
import { editionOf, gribLayout } from './grib-layout.ts';

/** What ecCodes found in a message: statistics of the values that are there, and some of them by place in the file. */
interface OracleMessage {
  offset: number;
  totalLength: number;
  packingType: string;
  shape: number[];
  count_valid: number;
  count_missing: number;
  min?: number;
  max?: number;
  mean?: number;
  samples?: { index: number[]; value: number | null }[];
}

/** What ecCodes gives for missing values that are among the packed ones, and counts as values. */
const missingValue = 9999;

const data = sharedData();

describe('grib: messages of real files against their oracle', () => {
  if (data === undefined) {
    it('needs ../shared/data beside the repository', function () {
      this.skip();
    });
    return;
  }
  const oracle = JSON.parse(readFileSync(join(data, 'ORACLE.json'), 'utf8')) as Record<
    string,
    { messages?: OracleMessage[] }
  >;
  for (const [name, { messages }] of Object.entries(oracle)) {
    if (messages === undefined || !name.startsWith('grib')) continue;
    it(`${name}: ${messages.length} messages`, () => {
      const file = readFileSync(join(data, name));
      for (const message of messages) compare(file, message);
    });
  }
});

function compare(file: Buffer, message: OracleMessage): void {
  const bytes = new Uint8Array(file.subarray(message.offset, message.offset + message.totalLength));
  const [points] = message.shape;
  const layout = gribLayout({ edition: editionOf(bytes) });
  const values = decodeChunk(bytes, layout, points, 0) as Float32Array;
  const place = `${message.packingType} at ${message.offset}`;
  if (message.max === missingValue) {
    for (let i = 0; i < points; i++) if (Number.isNaN(values[i])) values[i] = missingValue;
  }
  const present = values.filter((value) => !Number.isNaN(value));
  assert.equal(present.length, message.count_valid, place);
  assert.equal(values.length - present.length, message.count_missing, place);
  for (const { index, value } of message.samples ?? []) {
    const found = values[index[0]];
    if (value === null) assert.ok(Number.isNaN(found), place);
    else assert.equal(found, Math.fround(value), `${place}, point ${index[0]}`);
  }
  const statistics: [keyof OracleMessage, number][] = [
    ['min', present.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY)],
    ['max', present.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY)],
  ];
  for (const [key, found] of statistics) {
    if (message[key] !== undefined)
      assert.equal(found, Math.fround(message[key] as number), `${place}: ${key}`);
  }
  if (message.mean !== undefined) {
    const mean = present.reduce((sum, value) => sum + value, 0) / present.length;
    const magnitude = present.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    assert.ok(Math.abs(mean - message.mean) <= 1e-7 * magnitude, `${place}: mean ${mean} of ${message.mean}`);
  }
}
