import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { HyperslabError } from '@hyperslab/errors';
import { describeBothWays, repository, withinLimits } from '@hyperslab/testing';
import fc from 'fast-check';
import * as codecs from '../../src/index.ts';
import { gribLayout } from './grib-layout.ts';

const { decodeChunk } = codecs;

interface Packed {
  edition: number;
  packing: string;
  message: string;
  values?: string;
}

const fields: Packed[] = JSON.parse(readFileSync(join(repository, 'fixtures/grib/packings.json'), 'utf8'));

/** Numbers of the spectral fields, whose values the fixture lacks: truncation 63. */
const spectralPoints = 64 * 65;

const bytesOf = (base64: string) => new Uint8Array(Buffer.from(base64, 'base64'));
const valuesOf = ({ values }: Packed) => new Float64Array(bytesOf(values ?? '').buffer);
const pointsOf = (field: Packed) => (field.values === undefined ? spectralPoints : valuesOf(field).length);

/** Values, or an error that says what is wrong. Whatever else happens fails the test. */
function decodeDamaged(message: Uint8Array, configuration: object, points: number): void {
  try {
    const values = withinLimits(() => decodeChunk(message, gribLayout(configuration), points, 0));
    assert.equal(values.length, points);
  } catch (error) {
    assert.ok(error instanceof HyperslabError, String((error as Error).stack));
    const reasons = ['FORMAT_CORRUPT', 'FORMAT_UNSUPPORTED', 'CHECKSUM_MISMATCH', 'TOO_LARGE'];
    assert.ok(reasons.includes(error.reason), error.message);
  }
}

describeBothWays('grib: a message of each packing', codecs, ['libaec'], () => {
  for (const field of fields.filter(({ values }) => values !== undefined)) {
    it(`is decoded: edition ${field.edition}, ${field.packing}`, () => {
      const wanted = Float32Array.from(valuesOf(field));
      const layout = gribLayout({ edition: field.edition });
      const found = decodeChunk(bytesOf(field.message), layout, wanted.length, 0) as Float32Array;
      for (let i = 0; i < wanted.length; i++) {
        if (Number.isNaN(wanted[i])) assert.ok(Number.isNaN(found[i]));
        else assert.ok(Math.abs(found[i] - wanted[i]) <= 2e-7 * Math.abs(wanted[i]), `point ${i}`);
      }
    });
  }
});

describeBothWays('grib: damaged messages', codecs, ['libaec'], (way) => {
  for (const field of fields.filter(({ packing }) => way === 'portable' || packing === 'grid_ccsds')) {
    const { edition, packing } = field;
    const whole = bytesOf(field.message);
    const points = pointsOf(field);

    it(`end in values or a typed error: edition ${edition}, ${packing}`, () => {
      const damage = fc.record({
        flips: fc.array(fc.tuple(fc.nat(), fc.nat(7)), { maxLength: 4 }),
        bytes: fc.array(fc.tuple(fc.nat(), fc.constantFrom(0, 1, 127, 128, 254, 255)), { maxLength: 3 }),
        cut: fc.oneof(fc.constant(0), fc.nat(whole.length)),
        points: fc.oneof(fc.constant(points), fc.nat(2 * points)),
        scanned: fc.boolean(),
      });
      fc.assert(
        fc.property(damage, ({ flips, bytes, cut, points: claimed, scanned }) => {
          const message = whole.slice();
          for (const [at, bit] of flips) message[at % message.length] ^= 1 << bit;
          for (const [at, byte] of bytes) message[at % message.length] = byte;
          const grid = scanned && claimed > 0 ? { scan: 0x30, ni: claimed, nj: 1 } : {};
          decodeDamaged(message.subarray(0, message.length - cut), { edition, ...grid }, claimed);
        }),
        { numRuns: 300 },
      );
    });

    it(`do not take what they claim: edition ${edition}, ${packing}`, () => {
      // No more than its packed integers say; a constant field alone could be so large.
      assert.throws(
        () => decodeChunk(whole, gribLayout({ edition }), 2 ** 29, 0),
        (error) => error instanceof HyperslabError && error.reason !== 'TOO_LARGE',
      );
    });
  }
});
