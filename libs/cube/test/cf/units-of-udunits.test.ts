import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { hasPython, runPython, withTemporaryDirectory } from '@hyperslab/testing';
import { unitConversion } from '../../src/cf/unit-conversion.ts';
import { baseUnits, names, scales, symbols, words } from '../../src/cf/unit-table.ts';

// It reads "mb" as a millibarn, files mean a millibar.
const otherwise = new Set(['mb']);
const single = [
  ...baseUnits,
  ...[symbols, words, names].flatMap(Object.keys),
  ...scales.flatMap((scale) => scale.names),
].filter((name) => !otherwise.has(name));
const written = [
  'hPa',
  'kg',
  'mm',
  'um',
  'dbar',
  'ug',
  'mmol',
  'MJ',
  'GHz',
  'degrees',
  'degrees_north',
  'meters',
];
written.push(
  'kilometres',
  'hectopascals',
  'hours',
  'milligrams',
  'm s-1',
  'm/s',
  'km/h',
  'kg m-2 s-1',
  'mm day-1',
);
written.push(
  'W m-2',
  'W/m^2',
  'J kg-1 K-1',
  'J/(kg K)',
  'm2 s-2',
  'K m-1',
  'degC m-1',
  '1e-3 kg',
  '0.01 m',
  '100 Pa',
);
written.push(
  'N.m',
  'm**2',
  'kg/m3',
  'g/kg',
  'kg kg-1',
  '1',
  '1e-6',
  '10 K',
  '2 degC',
  'degC2',
  '(m s-1)2',
  's^-1',
);

describe('units that UDUNITS knows', function () {
  this.timeout(60_000);

  it('are converted as it does, all of the table and ways to write them', async function () {
    if (!hasPython('cf_units')) {
      console.log('      skipped: no cf_units; "npm test" installs it for Python');
      this.skip();
    }
    const pairs = [...single, ...written].flatMap((source) => written.map((target) => [source, target]));
    const answers = await withTemporaryDirectory(async (folder) => {
      const path = join(folder, 'pairs.json');
      await writeFile(path, JSON.stringify(pairs));
      return runPython<[number, number] | 'unknown' | null>(
        join(import.meta.dirname, 'foreign/convert-units.py'),
        path,
      );
    });
    let compared = 0;
    for (const [i, [source, target]] of pairs.entries()) {
      const answer = answers[i];
      if (answer === 'unknown') continue;
      const own = unitConversion(source, target);
      const text = `${source} to ${target}`;
      assert.equal(own === undefined, answer === null, text);
      if (own === undefined || answer === null) continue;
      const [zero, one] = answer;
      const close = 1e-12 * Math.max(own.scale, Math.abs(own.offset));
      assert.ok(Math.abs(own.offset - zero) <= close, `${text}: ${own.offset} and ${zero}`);
      assert.ok(Math.abs(own.scale - (one - zero)) <= 4 * close, `${text}: ${own.scale} and ${one - zero}`);
      compared++;
    }
    assert.ok(compared > 500, `${compared} pairs are convertible`);
  });
});
