import assert from 'node:assert/strict';
import { decodeArray } from '@hyperslab/array';
import { isHyperslabError } from '@hyperslab/errors';
import { MergeOptions } from '@hyperslab/proto/merge';
import { memorySource } from '@hyperslab/storage';
import fc from 'fast-check';
import { aggregate, openManifest } from '../../src/index.ts';
import { buildIndex, type FileSketch } from '../build-index.ts';
import { fieldFile, fieldSet } from './field-sketches.ts';
import { auxiliary, coordinate, hours, mergeWith, scalar, shapes, step, valuesOf } from './merge-sketches.ts';

type Merged = Awaited<ReturnType<typeof mergeWith>>;

/** A run of a forecast in one file: as many times as leads. */
function run(start: number, leads: number[], more: { chunk?: number; member?: number } = {}): FileSketch {
  const file = step(
    `run${start}${more.member === undefined ? '' : `m${more.member}`}`,
    leads.map((lead) => start + lead),
  );
  const member: FileSketch['variables'] = more.member === undefined ? {} : { member: scalar(more.member) };
  file.variables = {
    ...file.variables,
    t: {
      dimensions: ['time', 'y'],
      attributes: { coordinates: `reftime lead${more.member === undefined ? '' : ' member'}` },
      chunks: [more.chunk ?? 1, 2],
    },
    reftime: scalar(start, { units: hours, standard_name: 'forecast_reference_time' }),
    lead: {
      dtype: 'float64',
      dimensions: ['time'],
      values: leads,
      attributes: { units: 'hours', standard_name: 'forecast_period' },
    },
    ...member,
  };
  return file;
}

/** "URL chunk" for each step along the leading dimensions: chunks of the sketches are 100 bytes apart. */
async function steps({ dataset, manifest }: Merged, name: string): Promise<string[]> {
  const variable = dataset.variables.find((each) => each.name === name);
  assert.ok(variable?.data?.$case === 'manifestArray');
  const open = await openManifest(memorySource('m', manifest));
  const ranges = variable.shape.map((count) => ({ start: 0, count, step: 1 }));
  const found: { at: number; text: string }[] = [];
  for await (const { object, chunks } of open.locate(variable.data.value, ranges))
    for (const { origin, offset, shape } of chunks)
      found.push({
        at: origin[origin.length - 2],
        text: `${object?.url} ${(offset - 4096) / 100} ${shape[shape.length - 2]}`,
      });
  return found.sort((a, b) => a.at - b.at).map(({ text }) => text);
}

/** What lies at each step of each run, "-" where data are missing. */
async function table({ dataset, manifest }: Merged, name: string): Promise<string[][]> {
  const variable = dataset.variables.find((each) => each.name === name);
  assert.ok(variable?.data?.$case === 'manifestArray');
  const [runs, times] = variable.shape;
  const cells = Array.from({ length: runs }, () => new Array<string>(times).fill('-'));
  const open = await openManifest(memorySource('m', manifest));
  const ranges = variable.shape.map((count) => ({ start: 0, count, step: 1 }));
  for await (const { object, chunks } of open.locate(variable.data.value, ranges))
    for (const { origin, offset } of chunks)
      cells[origin[0]][origin[1]] = `${object?.url} ${(offset - 4096) / 100}`;
  return cells;
}

function missingOf({ dataset }: Merged, name: string): unknown[] {
  const variable = dataset.variables.find((each) => each.name === name);
  assert.ok(variable?.data?.$case === 'inlineValues');
  const { values, mask } = decodeArray(variable.data.value);
  return Array.from(values as ArrayLike<number>, (value, i) => (mask?.[i] === 1 ? null : value));
}

const best = { best: true };
const conflicts = (message: RegExp, ...files: FileSketch[]) =>
  assert.rejects(mergeWith(best, ...files), (error) => {
    assert.ok(isHyperslabError(error, 'MERGE_CONFLICT'), String(error));
    assert.match(error.message, message);
    return true;
  });

describe('the best view of forecasts', () => {
  it('takes each time of the latest run that has it, from files of several times', async () => {
    const merged = await mergeWith(best, run(12, [0, 6, 12]), run(0, [0, 6, 12]), run(6, [0, 6, 12]));
    assert.deepEqual(shapes(merged.dataset), { t: 'time:5 y:2' });
    assert.deepEqual(valuesOf(merged.dataset, 'time'), [0, 6, 12, 18, 24]);
    assert.deepEqual(valuesOf(merged.dataset, 'reftime'), [0, 6, 12, 12, 12]);
    assert.deepEqual(valuesOf(merged.dataset, 'lead'), [0, 0, 0, 6, 12]);
    assert.deepEqual(coordinate(merged.dataset.cubes[0], 'reftime'), {
      role: auxiliary,
      dimensions: ['time'],
    });
    assert.deepEqual(await steps(merged, 't'), [
      'run0 0 1',
      'run6 0 1',
      'run12 0 1',
      'run12 1 1',
      'run12 2 1',
    ]);
    assert.match(
      merged.dataset.provenance!.notes[0],
      /^t: of 3 pieces of several runs, the latest run for each time/,
    );
  });

  it('takes an earlier run where the later ones are shorter, or have gaps', async () => {
    const merged = await mergeWith(best, run(0, [0, 6, 12, 18, 24]), run(6, [0, 12]));
    assert.deepEqual(valuesOf(merged.dataset, 'time'), [0, 6, 12, 18, 24]);
    assert.deepEqual(valuesOf(merged.dataset, 'reftime'), [0, 6, 0, 6, 0]);
    assert.deepEqual(await steps(merged, 't'), ['run0 0 1', 'run6 0 1', 'run0 2 1', 'run6 1 1', 'run0 4 1']);
  });

  it('takes times for one that only the rounding of other units tells apart', async () => {
    const leads = Array.from({ length: 24 }, (_, hour) => hour / 24);
    const inDays = (from: string, start: number): FileSketch => {
      const file = run(0, leads);
      const units = `days since ${from}`;
      for (const name of ['time', 'reftime'])
        file.variables[name].attributes = { ...file.variables[name].attributes, units };
      return { ...file, url: `run${start}` };
    };
    const files = [inDays('2026-11-01T00:00', 0), inDays('2026-11-01T06:00', 6)];
    const merged = await mergeWith(best, ...files);
    assert.deepEqual(shapes(merged.dataset), { t: 'time:30 y:2' });
  });

  it('chooses for each member by itself', async () => {
    const files = [1, 2].flatMap((member) => [run(0, [0, 6], { member }), run(6, [0, 6], { member })]);
    const merged = await mergeWith(best, ...files);
    assert.deepEqual(shapes(merged.dataset), { t: 'member:2 time:3 y:2' });
    assert.deepEqual(valuesOf(merged.dataset, 'reftime'), [0, 6, 6]);
  });

  it('chooses among messages, by level', async () => {
    const rows = [0, 12].flatMap((start) =>
      [0, 12].flatMap((period) =>
        [850, 500].map((isobaricInhPa) => ({
          time: start + period,
          forecast_reference_time: start,
          forecast_period: period,
          isobaricInhPa,
        })),
      ),
    );
    // The later run lacks its first time at 500 hPa.
    const kept = rows.filter(
      ({ forecast_reference_time: start, forecast_period: lead, isobaricInhPa: level }) =>
        !(start === 12 && lead === 0 && level === 500),
    );
    const merged = await aggregate([fieldFile('a', { pl: [fieldSet('t', kept)] })], {
      merge: MergeOptions.fromPartial(best),
    });
    assert.deepEqual(shapes(merged.dataset), { t: 'time:3 isobaricInhPa:2 latitude:2 longitude:3' });
    assert.deepEqual(valuesOf(merged.dataset, 'time'), [0, 12, 24]);
    const found = merged.dataset.cubes[0].coordinates.find(
      ({ standardName }) => standardName === 'forecast_reference_time',
    );
    assert.deepEqual(valuesOf(merged.dataset, found!.variable), [0, 0, 12, 0, 12, 12]);
  });

  it('takes files apart at chunks that are stored whole, and refuses to begin within one', async () => {
    const merged = await mergeWith(
      best,
      run(0, [0, 6, 12, 18], { chunk: 3 }),
      run(6, [0, 6, 12, 18], { chunk: 3 }),
    );
    assert.deepEqual(valuesOf(merged.dataset, 'reftime'), [0, 6, 6, 6, 6]);
    assert.deepEqual(await steps(merged, 't'), ['run0 0 1', 'run6 0 3', 'run6 1 1']);
    await conflicts(
      /"t" of run0: steps 2 to 3 along time are to be taken out, but its chunks hold 3 steps each/,
      run(0, [0, 6, 12, 18], { chunk: 3 }),
      run(6, [0]),
    );
  });

  it('takes plain bytes apart step by step', async () => {
    const plain = (start: number, leads: number[]) => {
      const index = buildIndex(run(start, leads, { chunk: leads.length }));
      const t = index.root!.variables.find(({ name }) => name === 't')!;
      t.layout = { ...t.layout!, codecs: [{ name: 'bytes', configuration: '' }], edgeChunksPadded: false };
      t.chunks = { offsets: [4096], lengths: [leads.length * 8], skippedCodecs: [] };
      return index;
    };
    const { dataset, manifest } = await aggregate([plain(0, [0, 6, 12, 18]), plain(6, [0])], {
      merge: MergeOptions.fromPartial(best),
    });
    assert.deepEqual(valuesOf(dataset, 'reftime'), [0, 6, 0, 0]);
    const found = await steps({ dataset, manifest }, 't');
    assert.deepEqual(found, ['run0 0 1', 'run6 0 1', 'run0 0.16 1', 'run0 0.24 1']);
  });

  it('is of the latest run at every time, whatever runs there are', async () => {
    const leads = fc.uniqueArray(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: 6 });
    const runs = fc.uniqueArray(fc.record({ start: fc.integer({ min: 0, max: 8 }), leads }), {
      minLength: 1,
      maxLength: 6,
      selector: ({ start }) => start,
    });
    await fc.assert(
      fc.asyncProperty(runs, async (all) => {
        const sorted = all.map(({ start, leads: own }) => ({ start, leads: own.toSorted((a, b) => a - b) }));
        const latest = new Map<number, number>();
        for (const { start, leads: own } of sorted)
          for (const each of own) latest.set(start + each, Math.max(start, latest.get(start + each) ?? 0));
        const times = [...latest.keys()].sort((a, b) => a - b);
        const merged = await mergeWith(best, ...sorted.map(({ start, leads: own }) => run(start, own)));
        assert.deepEqual(valuesOf(merged.dataset, 'time'), times);
        assert.deepEqual(
          await steps(merged, 't'),
          times.map((time) => {
            const start = latest.get(time)!;
            const { leads: own } = sorted.find((each) => each.start === start)!;
            return `run${start} ${own.indexOf(time - start)} 1`;
          }),
        );
      }),
      { numRuns: 60 },
    );
  });

  it('refuses two pieces of one run at one time, and files that tell no run', async () => {
    const twice = { ...run(0, [0, 6]), url: 'again' };
    await conflicts(/both lie at|and again can't be one cube/, run(0, [0, 6]), twice);
    await assert.rejects(mergeWith(best, step('a', [0]), step('b', [6])), (error) => {
      assert.ok(isHyperslabError(error, 'INVALID_ARGUMENT'));
      assert.match(error.message, /--dimension 'forecast_reference_time=PATTERN'/);
      return true;
    });
  });

  it('takes the start of the run from file names', async () => {
    const bare = (start: string, times: number[]) => step(`run_${start}.nc`, times);
    const options = {
      best: true,
      dimensions: [{ name: 'forecast_reference_time', pattern: '\\d{10}', attribute: '' }],
    };
    const { dataset } = await mergeWith(options, bare('2000010100', [0, 6, 12]), bare('2000010106', [6, 12]));
    const first = Date.UTC(2000, 0, 1) / 3_600_000;
    assert.deepEqual(valuesOf(dataset, 'forecast_reference_time'), [first, first + 6, first + 6]);
  });
});

describe('runs by lead times', () => {
  it('are two dimensions where all are full, with times of both', async () => {
    const { dataset } = await mergeWith({}, run(0, [0, 6, 12]), run(6, [0, 6, 12]));
    assert.deepEqual(shapes(dataset), { t: 'reftime:2 time:3 y:2' });
    assert.deepEqual(valuesOf(dataset, 'time'), [0, 6, 12, 6, 12, 18]);
  });

  it('are ragged where missing data are allowed: files cut where some begin or end', async () => {
    const files = [run(0, [0, 6, 12]), run(6, [0, 6]), run(12, [6, 12, 18])];
    await assert.rejects(mergeWith({}, ...files), (error) => isHyperslabError(error, 'MERGE_CONFLICT'));
    const merged = await mergeWith({ allowMissing: true }, ...files);
    assert.deepEqual(shapes(merged.dataset), { t: 'reftime:3 time:4 y:2' });
    assert.deepEqual(valuesOf(merged.dataset, 'reftime'), [0, 6, 12]);
    assert.deepEqual(valuesOf(merged.dataset, 'lead'), [0, 6, 12, 18]);
    assert.deepEqual(missingOf(merged, 'time'), [0, 6, 12, null, 6, 12, null, null, null, 18, 24, 30]);
    assert.deepEqual(await table(merged, 't'), [
      ['run0 0', 'run0 1', 'run0 2', '-'],
      ['run6 0', 'run6 1', '-', '-'],
      ['-', 'run12 0', 'run12 1', 'run12 2'],
    ]);
  });

  it('lie where they belong, whatever lengths and gaps they have', async () => {
    const leads = fc.uniqueArray(fc.integer({ min: 0, max: 6 }), { minLength: 1, maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(fc.array(leads, { minLength: 2, maxLength: 5 }), async (all) => {
        const runs = all.map((own, i) => ({ start: 2 * i, leads: own.toSorted((a, b) => a - b) }));
        const times = runs.flatMap(({ start, leads: own }) => own.map((each) => start + each));
        // Runs whose times don't meet are one series, and need no second dimension.
        fc.pre(new Set(times).size < times.length);
        const merged = await mergeWith(
          { allowMissing: true },
          ...runs.map(({ start, leads: own }) => run(start, own)),
        );
        const places = [...new Set(all.flat())].sort((a, b) => a - b);
        assert.deepEqual(
          valuesOf(merged.dataset, 'reftime'),
          runs.map(({ start }) => start),
        );
        const time = merged.dataset.variables.find(({ name }) => name === 'time')!;
        const isEven = runs.every(({ leads: own }) => own.length === time.shape.at(-1));
        const stepsOf = ({ start, leads: own }: (typeof runs)[number]) => {
          // Runs that don't overlap otherwise lie along all times; those of equal lengths step by step; others by lead times.
          if (time.shape.length === 1)
            return valuesOf(merged.dataset, 'time').map((each) => own.indexOf(Number(each) - start));
          return isEven ? [...own.keys()] : places.map((place) => own.indexOf(place));
        };
        assert.deepEqual(
          await table(merged, 't'),
          runs.map((each) => stepsOf(each).map((step) => (step < 0 ? '-' : `run${each.start} ${step}`))),
        );
      }),
      { numRuns: 60 },
    );
  });

  it('of members too are ragged, and are refused where a cut would lie within a chunk', async () => {
    const allow = { allowMissing: true };
    const files = [1, 2].flatMap((member) => [
      run(0, [0, 6], { member }),
      run(6, member === 1 ? [0, 6] : [0], { member }),
    ]);
    const { dataset } = await mergeWith(allow, ...files);
    assert.deepEqual(shapes(dataset), { t: 'member:2 reftime:2 time:2 y:2' });
    await assert.rejects(
      mergeWith(allow, run(0, [0, 6, 12], { chunk: 2 }), run(6, [0], { chunk: 1 })),
      /chunks hold 2 steps each/,
    );
  });
});
