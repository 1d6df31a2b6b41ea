import assert from 'node:assert/strict';
import { planText } from '../run-plan.ts';
import { numbers, type SampleVariable, sampleDataset } from '../sample-dataset.ts';

/** "a" and "b" along dimensions of one name, each with a coordinate of its own. */
function pair(
  units: string,
  a: readonly number[],
  b: readonly number[],
  calendars: readonly string[] = ['', ''],
) {
  const variables = ['a', 'b'].flatMap((name, i): SampleVariable[] => [
    { name, dimensions: ['x'], array: numbers('float64', [a.length], a) },
    {
      name: `${name}_x`,
      dimensions: ['x'],
      array: numbers('float64', [a.length], [a, b][i]),
      attributes: { units, calendar: calendars[i] },
    },
  ]);
  const along = (variable: string) => [{ variable, dimensions: ['x'] }];
  return sampleDataset(variables, { a: along('a_x'), b: along('b_x') });
}

describe('coordinates of what is computed together', () => {
  const seconds = 'seconds since 1970-01-01';
  const hourly = [0, 1, 2].map((hour) => 1.79e9 + 3600 * hour);
  const later = (by: number) => hourly.map((second) => second + by);

  it('are equal as far as they are rounded', async () => {
    await planText('a - b', pair(seconds, hourly, later(0.4)));
    await planText('a - b', pair('m', [0, 1000, 2e6], [0, 1000.0001, 2e6 + 1]));
    await planText('a - b', pair('1', [-0.3, 0, 0.3], [-0.3, 0.1 + 0.2 - 0.3, 0.1 + 0.2]));
  });

  const refused = { message: /"a" and "b" have different values of "a_x" along dimension "x"/ };
  it('are no others a few steps on, however large their numbers are', async () => {
    await assert.rejects(planText('a - b', pair(seconds, hourly, later(900))), refused);
    await assert.rejects(
      planText('a - b', pair(seconds, hourly.slice(0, 1), later(900).slice(0, 1))),
      refused,
    );
    await assert.rejects(
      planText('a - b', pair('m', [5e6, 5e6 + 1, 5e6 + 2], [5e6 + 1, 5e6 + 2, 5e6 + 3])),
      refused,
    );
  });

  it('are times of one calendar', async () => {
    await planText('a - b', pair(seconds, hourly, hourly, ['standard', 'gregorian']));
    await assert.rejects(planText('a - b', pair(seconds, hourly, hourly, ['standard', '360_day'])), refused);
  });
});
