import assert from 'node:assert/strict';
import { join } from 'node:path';
import { hasPython, runPython, skip, withRandomSeed } from '@hyperslab/testing';
import { decodeChunk } from '../../src/index.ts';
import { gribLayout } from './grib-layout.ts';

interface Written {
  edition: number;
  packing: string;
  message: string;
  values: string;
  scan?: number;
  ni?: number;
  nj?: number;
  rows?: string;
}

const count = 100;

const bytesOf = (base64: string) => new Uint8Array(Buffer.from(base64, 'base64'));
const doublesOf = (base64: string) => new Float64Array(bytesOf(base64).buffer);

/** Equal, or neighbours among the numbers of float32: ecCodes multiplies by a power of ten that it rounds some times more. */
function assertClose(found: Float32Array, wanted: Float64Array, what: string): void {
  assert.equal(found.length, wanted.length, what);
  const foundBits = new Int32Array(found.buffer, found.byteOffset, found.length);
  const rounded = new Float32Array(wanted);
  const wantedBits = new Int32Array(rounded.buffer);
  for (let i = 0; i < found.length; i++) {
    if (Number.isNaN(found[i]) && Number.isNaN(rounded[i])) continue;
    const near = found[i] === rounded[i] || Math.abs(foundBits[i] - wantedBits[i]) <= 1;
    assert.ok(near, `${what}: point ${i} is ${found[i]}, expected ${wanted[i]}`);
  }
}

describe('grib: random fields', function () {
  this.timeout(120_000);
  for (const [script, what] of [
    ['write-messages.py', 'as ecCodes packs them'],
    ['pack-by-hand.py', 'as ecCodes reads them only'],
  ]) {
    it(what, async function () {
      if (!hasPython('eccodes', 'numpy')) skip(this, 'no eccodes; "npm test" installs it');
      await withRandomSeed((seed) => {
        const written = runPython<Written>(join(import.meta.dirname, script), seed, 2 * count);
        assert.ok(written.length > 1.8 * count);
        for (const [number, field] of written.entries()) compare(number, field);
      });
    });
  }
});

function compare(number: number, { edition, packing, message, values, scan, ni, nj, rows }: Written): void {
  const what = `message ${number}, edition ${edition}, ${packing}, scan ${scan}`;
  const bytes = bytesOf(message);
  const wanted = doublesOf(values);
  const decode = (configuration: object, dtype: string) =>
    decodeChunk(bytes, gribLayout(configuration, dtype), wanted.length, 0);
  assertClose(decode({ edition }, 'float32') as Float32Array, wanted, what);
  const doubles = decode({ edition, dtype: 'float64' }, 'float64') as Float64Array;
  assertClose(new Float32Array(doubles), wanted, `${what}, float64`);
  if (rows === undefined) return;
  const ordered = decode({ edition, scan, ni, nj }, 'float32') as Float32Array;
  assertClose(ordered, doublesOf(rows), `${what}, row-major`);
}
