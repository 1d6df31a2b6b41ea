import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { hasPython, repository, runPython, withTemporaryDirectory } from '@hyperslab/testing';
import fc from 'fast-check';
import { decodeChunk, encodeChunk } from '../../src/index.ts';
import { packWgdos } from './pack-wgdos.ts';

const script = join(repository, 'libs/codecs/test/pp/foreign/unpack-ppfive.py');
const missing = -32768;

interface Packed {
  packing: 'wgdos' | 'run_length';
  packed: string;
  count: number;
  missing: number;
  width: number;
  endian: string;
  /** As decoded here. */
  values: number[];
}

const anyValue = fc.oneof(
  fc.integer({ min: -2e6, max: 2e6 }).map((n) => n / 1000),
  fc.constantFrom(0, missing),
);

const anyShape = fc.record({
  rows: fc.integer({ min: 1, max: 5 }),
  columns: fc.integer({ min: 2, max: 60 }),
  exponent: fc.integer({ min: -10, max: 4 }),
  zeroMap: fc.boolean(),
  minimumMap: fc.boolean(),
  width: fc.constantFrom(4, 8),
  swap: fc.boolean(),
});

const anyWgdos: fc.Arbitrary<Packed> = anyShape.chain(({ width, swap, ...shape }) => {
  const count = shape.rows * shape.columns;
  return fc.array(anyValue, { minLength: count, maxLength: count }).map((values) => {
    const { packed } = packWgdos({ ...shape, values, missing });
    const stored = Buffer.from(packed);
    if (swap) stored.swap32();
    const { rows, columns } = shape;
    const decoded = decode(stored, width, 'little', 'pp_wgdos', { rows, columns, width, missing }, count);
    const text = stored.toString('base64');
    return { packing: 'wgdos', packed: text, count, missing, width, endian: 'big', values: decoded };
  });
});

const anyRunLength: fc.Arbitrary<Packed> = fc
  .record({
    width: fc.constantFrom(4, 8),
    endian: fc.constantFrom('little', 'big'),
    values: fc.array(anyValue, { minLength: 1, maxLength: 50 }),
  })
  .map(({ width, endian, values }) => {
    const array = width === 4 ? Float32Array.from(values) : Float64Array.from(values);
    const configuration = { width, endian, missing };
    const stored = encodeChunk(array, layoutOf(width, endian, 'pp_run_length', configuration));
    const decoded = decode(stored, width, endian, 'pp_run_length', configuration, values.length);
    const text = Buffer.from(stored).toString('base64');
    return {
      ...{ packing: 'run_length', packed: text, count: values.length, missing, width, endian },
      values: decoded,
    };
  });

function layoutOf(width: number, endian: string, name: string, configuration: object) {
  return {
    storedDtype: width === 4 ? 'float32' : 'float64',
    codecs: [
      { name: 'bytes', configuration: JSON.stringify({ endian }) },
      { name, configuration: JSON.stringify(configuration) },
    ],
  };
}

function decode(
  stored: Uint8Array,
  width: number,
  endian: string,
  name: string,
  configuration: object,
  count: number,
): number[] {
  return Array.from(decodeChunk(stored, layoutOf(width, endian, name, configuration), count, 0), Number);
}

describe('packings of PP beside ppfive (needs Python with ppfive)', function () {
  this.timeout(60_000);

  it('have the same values', async function () {
    if (!hasPython('ppfive')) this.skip();
    const fields = [...fc.sample(anyWgdos, 200), ...fc.sample(anyRunLength, 100)];
    const found = await withTemporaryDirectory(async (folder) => {
      const path = join(folder, 'fields.jsonl');
      writeFileSync(path, fields.map((field) => `${JSON.stringify(field)}\n`).join(''));
      return runPython<number[]>(script, path);
    });
    assert.equal(found.length, fields.length);
    // Its floats of 32 bits are rounded once more on the way.
    for (const [i, { values, width, packing }] of fields.entries()) {
      for (const [at, value] of values.entries()) {
        const most = packing === 'wgdos' && width === 4 ? 1e-6 * Math.max(1, Math.abs(value)) : 0;
        assert.ok(
          Math.abs(value - found[i][at]) <= most,
          `field ${i}, value ${at}: ${value}, ${found[i][at]}`,
        );
      }
    }
  });
});
