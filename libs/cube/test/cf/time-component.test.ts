import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { hasPython, runPython, skip, withRandomSeed, withTemporaryDirectory } from '@hyperslab/testing';
import fc from 'fast-check';
import {
  calendars,
  decodeMoment,
  monthsOfSeason,
  parseTimeUnits,
  type TimeComponent,
  timeComponent,
  timeComponents,
} from '../../src/index.ts';

const script = join(import.meta.dirname, 'foreign/time-components.py');

describe('parts of a time', () => {
  it('are those of cftime, in every calendar', async function () {
    this.timeout(60_000);
    if (!hasPython('cftime')) skip(this, 'no cftime; "npm test" installs it');
    await withRandomSeed((seed) =>
      withTemporaryDirectory(async (folder) => {
        const units = [
          'hours since 1850-01-01',
          'days since 0001-01-01 12:00',
          'seconds since 2000-03-01',
          // About the days that the standard calendar lacks.
          'hours since 1582-10-15',
        ];
        const cases = calendars
          .filter((calendar) => calendar !== 'none')
          .flatMap((calendar) =>
            units.map((text, i): [string, string, number[]] => {
              const most = [1e7, 8e5, 2e9, 5e3][i];
              const quarter = fc.integer({ min: -4 * most, max: 4 * most }).map((n) => n / 4);
              return [
                calendar,
                text,
                fc
                  .sample(quarter, { seed: seed + i, numRuns: 200 })
                  .map((n) => (i === 1 ? Math.abs(n) / 4 : n)),
              ];
            }),
          );
        const file = join(folder, 'cases.json');
        await writeFile(file, JSON.stringify(cases));
        const results = runPython<Record<TimeComponent, number[]>>(script, file);
        assert.equal(results.length, cases.length);
        cases.forEach(([calendar, text, numbers], i) => {
          const time = parseTimeUnits(text, calendar)!;
          for (const component of timeComponents) {
            const found = numbers.map((number) =>
              timeComponent(component, decodeMoment(number, time)!, time.calendar),
            );
            assert.deepEqual(found, results[i][component], `${component} ${text} ${calendar}`);
          }
        });
      }),
    );
  });

  it('name seasons by the initials of months that follow each other', () => {
    assert.deepEqual(monthsOfSeason('DJF'), [12, 1, 2]);
    assert.deepEqual(monthsOfSeason('jjas'), [6, 7, 8, 9]);
    assert.deepEqual(monthsOfSeason('NDJFM'), [11, 12, 1, 2, 3]);
    for (const wrong of ['', 'J', 'XYZ', 'DFJ', 'JFMAMJJASONDJ'])
      assert.equal(monthsOfSeason(wrong), undefined);
  });
});
