import assert from 'node:assert/strict';
import { isDegreesEast, isDegreesNorth, normalUnits, sameUnits } from '../../src/index.ts';

describe('units', () => {
  it('are the same however they are written', () => {
    const same: [string, string][] = [
      ['m s-1', 'm/s'],
      ['m s-1', 'metres second^-1'],
      ['m s**-1', 'm.s-1'],
      ['W m-2', 'W/m^2'],
      ['kg m-2 s-1', 's-1 kg m-2'],
      ['degC', 'celsius'],
      ['degrees_north', 'degree_N'],
      ['hPa', 'millibars'],
      ['1', ''],
    ];
    for (const [a, b] of same) assert.ok(sameUnits(a, b), `${normalUnits(a)} is not ${normalUnits(b)}`);
  });

  it('are left as they are where they are longer than units are', () => {
    const long = 'm'.repeat(1e6);
    assert.equal(normalUnits(`  ${long} `), long);
    assert.equal(normalUnits(`${'m '.repeat(200)}`), 'm '.repeat(200).trim());
  });

  it('are different where they are', () => {
    const different: [string, string][] = [
      ['m', 'mm'],
      ['Pa', 'hPa'],
      ['K', 'degC'],
      ['m s-1', 'm s-2'],
      ['days since 2000-01-01', 'days since 2000-01-02'],
      ['degrees_north', 'degrees_east'],
      ['kg', 'Kg m'],
    ];
    for (const [a, b] of different) assert.ok(!sameUnits(a, b), `${a} is ${b}`);
  });

  it('tell latitudes from longitudes', () => {
    for (const text of ['degrees_north', 'degree_north', 'degrees_N', 'degreeN'])
      assert.ok(isDegreesNorth(text), text);
    for (const text of ['degrees_east', 'degree_E', 'degreesE']) assert.ok(isDegreesEast(text), text);
    assert.ok(!isDegreesNorth('degrees'));
  });
});
