import assert from 'node:assert/strict';
import { decodeArray } from '@hyperslab/array';
import { isHyperslabError } from '@hyperslab/errors';
import { hasPython, skip } from '@hyperslab/testing';
import fc from 'fast-check';
import { compute, planText } from '../run-plan.ts';
import { numbers, type SampleVariable } from '../sample-dataset.ts';
import { assertAgreesWithXarray, type OperationCase } from './agree-with-xarray.ts';
import { dataset, started, valid, variables } from './forecast-runs.ts';
import { inPython, randomVariable } from './random-variable.ts';

/** Runs by steps, of which each run lacks some, in any order of dimensions. */
const randomCase: fc.Arbitrary<OperationCase> = fc
  .record({
    runs: fc.integer({ min: 1, max: 5 }),
    steps: fc.integer({ min: 1, max: 6 }),
    dimensions: fc.shuffledSubarray(['run', 'step', 'y'], { minLength: 3 }),
  })
  .chain(({ runs, steps, dimensions }) =>
    fc.record({
      x: randomVariable(
        'x',
        dimensions.map((name) => ({ run: runs, step: steps, y: 3 })[name]!),
        undefined,
        dimensions,
      ),
      starts: fc.uniqueArray(fc.integer({ min: 0, max: 8 }), { minLength: runs, maxLength: runs }),
      leads: fc.uniqueArray(fc.integer({ min: 0, max: 9 }), { minLength: steps, maxLength: steps }),
      lacking: fc.array(fc.nat({ max: 3 }), { minLength: runs * steps, maxLength: runs * steps }),
      byRun: fc.boolean(),
      order: fc.array(fc.double({ noNaN: true }), { minLength: runs, maxLength: runs }),
      form: fc.nat({ max: 5 }),
    }),
  )
  .map(({ x, starts, leads, lacking, byRun, order, form }): OperationCase => {
    const [runs, steps] = [starts.length, leads.length];
    const sorted = leads.toSorted((a, b) => a - b);
    const shape = byRun ? [runs, steps] : [steps, runs];
    const cells = Array.from(lacking, (lacks, i) => {
      const [first, second] = [Math.floor(i / shape[1]), i % shape[1]];
      const [run, step] = byRun ? [first, second] : [second, first];
      // A step of one run is always there.
      return { time: starts[run] + sorted[step], lacks: lacks === 0 && run + step > 0 };
    });
    const time: SampleVariable = {
      name: 'time',
      dimensions: byRun ? ['run', 'step'] : ['step', 'run'],
      array: {
        ...numbers(
          'float64',
          shape,
          cells.map((cell) => cell.time),
        ),
        mask: Uint8Array.from(cells, ({ lacks }) => (lacks ? 1 : 0)),
      },
      attributes: valid,
    };
    const run = {
      name: 'run',
      dimensions: ['run'],
      array: numbers('float64', [runs], starts),
      attributes: started,
    };
    const ascending = [...starts.keys()].sort((a, b) => starts[a] - starts[b]);
    const times = (each: number) => `encoded["time"]${byRun ? `[${each}]` : `[:, ${each}]`}`;
    const part = (each: number) =>
      `xr.DataArray(bare.isel(run=${each}).values, dims=${JSON.stringify(x.dimensions.filter((name) => name !== 'run'))}).assign_coords(step=${times(each)}).isel(step=~np.isnan(${times(each)}))`;
    const python = `(lambda bare: xr.concat([${ascending.map(part).join(', ')}], "step").drop_duplicates("step", keep="last").sortby("step").drop_vars("step"))(${inPython(x)})`;
    const anyOrder = [...starts.keys()].sort((a, b) => order[a] - order[b]);
    const each = anyOrder.map((index) => `x[run=#${index}]`);
    const singles = anyOrder.flatMap((index) => sorted.map((_, step) => `x[run=#${index}, step=#${step}]`));
    const forms: [string, string][] = [
      ['best(x)', python],
      [`best(${each.join(', ')})`, python],
      [`best(${[`transpose(best(${each[0]}))`, ...each.slice(1)].join(', ')})`, `${python}.transpose()`],
      ['mean(best(x * 1), time)', `${python}.mean("step")`],
      ['best(x)[time=#::#-1, y=#1]', `${python}.isel(step=slice(None, None, -1), y=1)`],
      [`best(${singles.join(', ')})`, `${python}.rename(step="time").transpose("time", ...)`],
    ];
    const [text, same] = forms[form];
    const cubes = {
      x: [
        { variable: 'run', dimensions: ['run'] },
        { variable: 'time', dimensions: time.dimensions, auxiliary: true },
      ],
    };
    return { cube: { variables: [x, run, time], cubes, lengths: {} }, text, python: same };
  });

/** Name, dimensions and values of the coordinates of a result. */
async function coordinates(text: string): Promise<[string, string, number[]][]> {
  const { result } = await planText(text, dataset);
  return result!.coordinates.map(({ name, dimensions, values }) => {
    assert.ok(values?.where?.$case === 'inlineValues');
    return [name, dimensions.join(), Array.from(decodeArray(values.where.value).values as Float64Array)];
  });
}

describe('the best of forecasts', () => {
  it('is what xarray keeps of all runs in order, for every type', async function () {
    this.timeout(120_000);
    if (!hasPython('xarray')) skip(this, 'no xarray; "npm test" installs it');
    await assertAgreesWithXarray(randomCase, { anyType: true, tolerance: 1e-5 });
  });

  it('takes each time of the latest run that has it, in the units of the first', async () => {
    const { values } = await compute('best(b, c, a)', dataset, variables);
    assert.deepEqual([...values], [0, 600, 1200, 1206]);
    const days = [0, 6, 12, 18].map((hour) => hour / 24);
    assert.deepEqual(await coordinates('best(b, c, a)'), [
      ['time_b', 'time', days],
      ['start_b', 'time', [0, 6, 12, 12].map((hour) => hour / 24)],
    ]);
    assert.deepEqual(await coordinates('best(a, b, c)'), [
      ['time_a', 'time', [0, 6, 12, 18]],
      ['start_a', 'time', [0, 6, 12, 12]],
    ]);
    assert.deepEqual(await coordinates('best(c)'), [
      ['time_c', 'time', [12, 18]],
      ['start_c', 'time', [12, 12]],
    ]);
    for (const text of ['best(a, empty)', 'best(a, none)', 'best(empty, a)'])
      assert.deepEqual([...(await compute(text, dataset, variables)).values], [0, 6, 12, 18], text);
    for (const text of ['best(empty)', 'best(none)', 'mean(best(none, empty), time)'])
      assert.deepEqual(
        (await compute(text, dataset, variables)).values.length,
        text.startsWith('mean') ? 1 : 0,
        text,
      );
    assert.equal((await planText('best(b, early * (metres / metres))', dataset)).result!.dtype, 'float64');
  });

  it('takes runs along a dimension, with lead times, and leaves out steps without a time', async () => {
    for (const text of ['best(x)', 'best(x[run=#1], x[run=#0])', 'best(best(x[run=#0]), x[run=#1])']) {
      assert.deepEqual([...(await compute(text, dataset, variables)).values], [0, 606, 612], text);
      assert.deepEqual(
        await coordinates(text),
        [
          ['times', 'step', [0, 6, 12]],
          ['run', 'step', [0, 6, 6]],
          ['lead', 'step', [0, 0, 6]],
        ],
        text,
      );
    }
    const [time, run, lead] = await coordinates('best(x[run=#1, step=#0], x[run=#0, step=#2])');
    assert.deepEqual(
      [time, run, lead],
      [
        ['times', 'times', [6, 12]],
        ['run', 'times', [6, 0]],
        ['lead', 'times', [0, 12]],
      ],
    );
  });

  it('takes times for one that only rounding tells apart', async () => {
    const { values } = await compute('best(morning, noon)', dataset, variables);
    assert.deepEqual([...values], [...new Array(6).fill(0), ...new Array(24).fill(1)]);
  });

  it('knows how exact float32 is, in the units of another array', async () => {
    const { values } = await compute('best(morning, rough)', dataset, variables);
    assert.deepEqual([...values], [...new Array(6).fill(0), ...new Array(24).fill(2)]);
    // As near as they are, none of one run is taken for another.
    assert.equal((await compute('best(rough)', dataset, variables)).values.length, 24);
  });

  it('has names for runs and times that are called as dimensions are', async () => {
    assert.deepEqual(await coordinates('best(x[step=#0], x[step=#1])'), [
      ['times', 'run', [0, 6, 12]],
      ['forecast_reference_time', 'run', [0, 6, 6]],
      ['lead', 'run', [0, 0, 6]],
    ]);
    // As cfgrib has them.
    assert.deepEqual(await coordinates('best(early, grib)'), [
      ['time_early', 'time', [6, 12]],
      ['start_early', 'time', [0, 6]],
    ]);
  });

  it('calls lead times otherwise than the steps, which they come again and again along', async () => {
    const expected = [
      ['times', 'step', [0, 6, 12]],
      ['run', 'step', [0, 6, 6]],
      ['forecast_period', 'step', [0, 0, 6]],
    ];
    assert.deepEqual(await coordinates('best(led)'), expected);
    // One step has the dimension of those of the first, whatever its own time is called.
    const steps = [0, 1].map((step) => `led[run=#1, step=#${step}]`);
    assert.deepEqual(await coordinates(`best(led[run=#0], ${steps.join(', ')})`), expected);
    assert.deepEqual(await coordinates('best(best(led))'), expected);
  });

  it('reads what is chosen and nothing else', async () => {
    const readBy = async (text: string) => {
      const { nodes, sources } = await planText(text, dataset);
      const read = nodes.flatMap(({ kind }) => {
        if (kind?.$case !== 'read') return [];
        const [{ start, count }] = kind.value.ranges;
        return [`${sources[kind.value.source].variable!.name} ${start} ${count}`];
      });
      return read.toSorted();
    };
    assert.deepEqual(await readBy('best(a, b, c)'), ['a 0 1', 'b 0 1', 'c 0 2']);
    assert.deepEqual(await readBy('best(early, b)'), ['b 0 2']);
  });

  it('refuses what does not fit, and says what would', async () => {
    const wrong: [string, RegExp][] = [
      [
        'best(a, years)',
        /"start_a" in "hours since 2026-11-01" and in "hours since 2026-11-01" of calendar 360_day/,
      ],
      [
        'best(b, again)',
        /two values for "time_b" 2026-11-01T18:00:00.* of the run 2026-11-01T06:00:00.*; expected one/,
      ],
      ['best(a, unknown)', /"start_unknown" of "unknown" has missing values/],
      [
        'best(plain)',
        /"plain" has the coordinates time_again, .*--dimension 'forecast_reference_time=PATTERN'/,
      ],
      ['best(same)', /all runs have the same times; last\(x, run\)/],
      ['best(a, x)', /two values for "time_a"/],
      ['best(b, wide)', /operands of "best" have dimensions time \("b"\) and time, y \("wide"\)/],
      ['best(b, metres)', /units "K" \("b"\) and "m" \("metres"\)/],
    ];
    for (const [text, message] of wrong)
      await assert.rejects(planText(text, dataset), (error) => {
        assert.ok(isHyperslabError(error, 'EXPRESSION_INVALID'), `${text}: ${error}`);
        assert.match(error.message, message, text);
        return true;
      });
  });
});
