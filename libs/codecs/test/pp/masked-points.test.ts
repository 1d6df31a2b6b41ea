import assert from 'node:assert/strict';
import { HyperslabError, isHyperslabError } from '@hyperslab/errors';
import fc from 'fast-check';
import { decodeChunk, encodeChunk, packMask } from '../../src/index.ts';

const missing = -32768;

const anyPlace = fc.record({
  width: fc.constantFrom(4, 8),
  endian: fc.constantFrom('little', 'big'),
});

/** Values in order, with runs of missing ones. */
const anyValues = fc
  .array(
    fc.oneof(
      fc.integer({ min: -100, max: 100 }).map((value) => [value / 4]),
      fc.integer({ min: 1, max: 40 }).map((count) => Array<number>(count).fill(missing)),
    ),
    { minLength: 1, maxLength: 30 },
  )
  .map((runs) => runs.flat());

function arrayOf(width: number, values: readonly number[]): Float32Array | Float64Array {
  return width === 4 ? Float32Array.from(values) : Float64Array.from(values);
}

function layoutOf(width: number, endian: string, name: string, configuration: object) {
  return {
    storedDtype: width === 4 ? 'float32' : 'float64',
    codecs: [
      { name: 'bytes', configuration: JSON.stringify({ endian }) },
      { name, configuration: JSON.stringify(configuration) },
    ],
  };
}

function refuses(body: () => unknown, text: RegExp): void {
  assert.throws(body, (error) => isHyperslabError(error, 'FORMAT_CORRUPT') && text.test(error.message));
}

/** Values, or a typed error, of bytes of which some were changed or cut off. */
function endsWell(
  stored: Uint8Array,
  at: number,
  bit: number,
  cut: number,
  layout: ReturnType<typeof layoutOf>,
  count: number,
) {
  const damaged = stored.slice(0, Math.max(0, stored.length - cut));
  if (damaged.length > 0) damaged[at % damaged.length] ^= 1 << bit;
  try {
    assert.equal(decodeChunk(damaged, layout, count, 0).length, count);
  } catch (error) {
    assert.ok(error instanceof HyperslabError, String(error));
    assert.equal(error.reason, 'FORMAT_CORRUPT');
  }
}

describe('pp_run_length', () => {
  const layout = (width: number, endian: string) =>
    layoutOf(width, endian, 'pp_run_length', { width, endian, missing });

  it('gives back what it encoded, a run in two words', () => {
    fc.assert(
      fc.property(anyPlace, anyValues, ({ width, endian }, values) => {
        const stored = encodeChunk(arrayOf(width, values), layout(width, endian));
        const runs = values.filter((value, i) => value === missing && values[i - 1] !== missing).length;
        const others = values.filter((value) => value !== missing).length;
        assert.equal(stored.length, width * (others + 2 * runs));
        const decoded = decodeChunk(stored, layout(width, endian), values.length, 0);
        assert.deepEqual(Array.from(decoded, Number), values);
      }),
    );
  });

  it('decodes words as F3 describes them, and zeros after the last', () => {
    const words = Buffer.alloc(28);
    for (const [i, value] of [1.5, missing, 3, 2.5, missing, 1].entries()) words.writeFloatBE(value, 4 * i);
    const values = decodeChunk(words, layout(4, 'big'), 6, 0);
    assert.deepEqual(Array.from(values, Number), [1.5, missing, missing, missing, 2.5, missing]);
  });

  it('refuses runs of no whole length, and more or fewer values than there are', () => {
    const decode = (values: number[], count: number) =>
      decodeChunk(Buffer.from(Float32Array.from(values).buffer), layout(4, 'little'), count, 0);
    refuses(
      () => decode([1, missing, 2.5], 4),
      /a run of 1 to 3 missing values after word 1, found one of 2.5/,
    );
    refuses(() => decode([1, missing, 1e9], 4), /found one of 1000000000/);
    refuses(() => decode([1, missing, 0], 4), /found one of 0/);
    refuses(() => decode([1, 2, missing], 4), /found one of NaN/);
    refuses(() => decode([1, 2, 3], 4), /4 values, found 3/);
    refuses(() => decode([1, 2, 3], 2), /2 values, found more/);
  });

  it('ends in values or a typed error for any damage', () => {
    fc.assert(
      fc.property(
        anyPlace,
        anyValues,
        fc.nat(),
        fc.nat(7),
        fc.nat(9),
        ({ width, endian }, values, at, bit, cut) => {
          const stored = encodeChunk(arrayOf(width, values), layout(width, endian));
          endsWell(stored, at, bit, cut, layout(width, endian), values.length);
        },
      ),
    );
  });
});

describe('pp_land_sea', () => {
  const hexOf = (width: number, endian: string) => {
    const bytes = Buffer.from(arrayOf(width, [missing]).buffer);
    return (endian === 'little' ? bytes : bytes.reverse()).toString('hex');
  };
  const layout = (width: number, endian: string, mask: boolean[]) =>
    layoutOf(width, endian, 'pp_land_sea', { width, missing: hexOf(width, endian), mask: packMask(mask) });
  const anyMask = fc.array(fc.boolean(), { minLength: 1, maxLength: 100 });

  it('puts values where the mask is set, and the missing one elsewhere', () => {
    fc.assert(
      fc.property(anyPlace, anyMask, fc.nat(3), ({ width, endian }, mask, more) => {
        const expected = mask.map((set, i) => (set ? i / 4 : missing));
        const stored = encodeChunk(arrayOf(width, expected), layout(width, endian, mask));
        assert.equal(stored.length, width * mask.filter((set) => set).length);
        const rounded = Buffer.concat([stored, Buffer.alloc(more * width)]);
        const decoded = decodeChunk(rounded, layout(width, endian, mask), mask.length, 0);
        assert.deepEqual(Array.from(decoded, Number), expected);
      }),
    );
  });

  it('refuses fewer values than points, and masks of another size', () => {
    const three = layout(4, 'big', [true, false, true, true]);
    refuses(() => decodeChunk(new Uint8Array(8), three, 4, 0), /3 values, found 2/);
    refuses(() => decodeChunk(new Uint8Array(40), three, 100, 0), /a mask of 13 bytes, found 1/);
    const bomb = layout(4, 'big', Array<boolean>(80_000).fill(true));
    refuses(() => decodeChunk(new Uint8Array(40), bomb, 10, 0), /a mask of 2 bytes/);
    const broken = layoutOf(4, 'big', 'pp_land_sea', { width: 4, missing: '00000000', mask: 'AAAA' });
    refuses(() => decodeChunk(new Uint8Array(40), broken, 10, 0), /a mask of 2 bytes/);
  });

  it('ends in values or a typed error for any damage', () => {
    fc.assert(
      fc.property(
        anyPlace,
        anyMask,
        fc.nat(),
        fc.nat(7),
        fc.nat(9),
        ({ width, endian }, mask, at, bit, cut) => {
          const values = mask.map((_, i) => i);
          const stored = encodeChunk(arrayOf(width, values), layout(width, endian, mask));
          endsWell(stored, at, bit, cut, layout(width, endian, mask), mask.length);
        },
      ),
    );
  });
});
