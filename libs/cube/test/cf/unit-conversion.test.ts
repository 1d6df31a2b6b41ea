import assert from 'node:assert/strict';
import fc from 'fast-check';
import { isUnit, unitConversion } from '../../src/cf/unit-conversion.ts';

const converted = (value: number, from: string, to: string): number => {
  const found = unitConversion(from, to);
  assert.ok(found !== undefined, `no conversion from ${from} to ${to}`);
  return value * found.scale + found.offset;
};

describe('conversion of units', () => {
  // What `udunits2 -H from -W to` answers.
  for (const [value, from, to, expected] of [
    [273.15, 'K', 'degC', 0],
    [0, 'degC', 'K', 273.15],
    [300, 'K', 'degF', 80.33],
    [100, 'degC', 'degF', 212],
    [-40, 'degF', 'celsius', -40],
    [491.67, 'degR', 'K', 273.15],
    [1, 'Celsius', 'degF', 33.8],
    [1013.25, 'hPa', 'Pa', 101325],
    [1, 'mbar', 'hPa', 1],
    [1, 'atm', 'millibar', 1013.25],
    [10, 'm s-1', 'knot', 19.438444924406],
    [36, 'km/h', 'm s**-1', 10],
    [1, 'm/s', 'km hour-1', 3.6],
    [1, 'kg m-2 s-1', 'g cm^-2 day^-1', 8640],
    [0.5, '1', '%', 50],
    [1, 'percent', '1', 0.01],
    [180, 'degrees', 'radian', Math.PI],
    [1, 'degrees_north', 'degree', 1],
    [1, 'foot', 'cm', 30.48],
    [3, 'mm day-1', 'm s-1', 3e-3 / 86400],
    [1, 'kilometers', 'm', 1000],
    [1, '0.01 m', 'cm', 1],
    [2, '10^2 Pa', 'hPa', 2],
    [1, 'W m-2', 'J/(m2 s)', 1],
    [1, 'J kg-1 K-1', 'm2 s-2 degC-1', 1],
    [9.80665, 'm2 s-2', 'm2/s2', 9.80665],
    [1, 'Mg', 'tonne', 1],
    [1, 'ug m-3', 'µg/m³', 1],
    [1, 'kg kg-1', 'g/kg', 1000],
    [5, 'ppm', 'ppb', 5000],
    [2, 'dbar', 'Pa', 20000],
    [1, 'min', 's', 60],
    [1, 'N.m', 'J', 1],
    [1, 'mol m-2', 'mmol/m2', 1000],
  ] as const) {
    it(`takes ${value} ${from} to ${expected} ${to}`, () => {
      const found = converted(value, from, to);
      assert.ok(Math.abs(found - expected) <= 1e-12 * Math.max(1, Math.abs(expected)), `${found}`);
    });
  }

  it('knows exact factors exactly', () => {
    assert.deepEqual(unitConversion('K', 'degC'), { scale: 1, offset: -273.15 });
    assert.deepEqual(unitConversion('K', 'degF'), { scale: 1.8, offset: -459.67 });
    assert.deepEqual(unitConversion('degC', 'degF'), { scale: 1.8, offset: 32 });
    assert.deepEqual(unitConversion('hPa', 'Pa'), { scale: 100, offset: 0 });
    assert.deepEqual(unitConversion('Pa', 'hPa'), { scale: 0.01, offset: 0 });
  });

  it('is not there between what is not alike, or not known', () => {
    for (const [from, to] of [
      ['K', 'm'],
      ['m s-1', 'm'],
      ['kg m-2', 'mm'],
      ['m2 s-2', 'gpm'],
      ['days since 2000-01-01', 's'],
      ['dBZ', 'mm6 m-3'],
      ['lg(re 1 mW)', 'W'],
      ['1', 'K'],
      ['K', ''],
      ['K', 'x'.repeat(300)],
      ['m', '0 m'],
      ['m', 'm^1000'],
      ['m', '1e400 m'],
      ['m', 'constructor'],
    ])
      assert.equal(unitConversion(from, to), undefined, `${from} to ${to}`);
  });

  it('goes there and back for any product of units', () => {
    const factor = fc.tuple(
      fc.constantFrom('m', 'km', 's', 'hour', 'K', 'degC', 'hPa', 'g', 'mol', 'ft', 'N'),
      fc.integer({ min: -3, max: 3 }),
    );
    const product = fc
      .array(factor, { minLength: 1, maxLength: 4 })
      .map((parts) => parts.map(([name, power]) => `${name}${power}`).join(' '));
    fc.assert(
      fc.property(product, fc.constantFrom('1000', '0.3048', '5/9'), (unit, number) => {
        const there = unitConversion(unit, `${number} ${unit}`);
        const back = unitConversion(`${number} ${unit}`, unit);
        assert.ok(there !== undefined && back !== undefined, unit);
        assert.ok(Math.abs(there.scale * back.scale - 1) < 1e-12);
      }),
    );
  });

  it('reads any text to a unit or to none', () => {
    const piece = fc.constantFrom(
      'm',
      '(',
      ')',
      '/',
      '^',
      '**',
      '-',
      '2',
      ' ',
      '.',
      'e',
      'degC',
      '%',
      '°',
      'per',
      '1e9',
      '²',
    );
    const texts = fc.oneof(
      fc.string(),
      fc.array(piece, { maxLength: 30 }).map((parts) => parts.join('')),
    );
    fc.assert(fc.property(texts, (text) => assert.equal(typeof isUnit(text), 'boolean')));
    assert.equal(isUnit(`${'('.repeat(100)}m`), false);
  });
});
