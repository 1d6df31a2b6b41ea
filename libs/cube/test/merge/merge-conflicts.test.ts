import assert from 'node:assert/strict';
import { type HyperslabError, isHyperslabError } from '@hyperslab/errors';
import type { MergeOptions, MetadataChange } from '@hyperslab/proto/merge';
import { arrayBlock } from '../../src/index.ts';
import type { FileSketch, VariableSketch } from '../build-index.ts';
import { hours, merge, mergeWith, scalar, shapes, step } from './merge-sketches.ts';

/** Files that do not fit, what is said of them, and whether the option that is named resolves it. */
interface Conflict {
  what: string;
  files: FileSketch[];
  /** Options with which the conflict is met. */
  options?: Partial<MergeOptions>;
  message: string;
  details: Record<string, string | undefined>;
  /** The option as the message names it, and as the merge takes it; none where the files must be published apart. */
  resolved: { option: string; by?: Partial<MergeOptions>; shapes: Record<string, string> }[];
}

const set = (variable: string, name: string, value: string): MetadataChange => ({
  change: {
    $case: 'set',
    value: {
      variable,
      attribute: { name, dtype: 'char', strings: [value], numbers: [], integers: [] },
    },
  },
});
const drop = (variable: string): MetadataChange => ({ change: { $case: 'drop', value: { variable } } });
const rename = (from: string, to: string): MetadataChange => ({
  change: { $case: 'rename', value: { from, to } },
});
const add = (name: string, values: number[]): MetadataChange => ({
  change: {
    $case: 'add',
    value: {
      ...{ name, dimension: name, attributes: [] },
      values: arrayBlock({ dtype: 'float64', shape: [values.length], values: Float64Array.from(values) }),
    },
  },
});
const from = (name: string, pattern: string, attribute = '') => ({
  dimensions: [{ name, pattern, attribute }],
});

const attributesOfT = { units: 'K', standard_name: 'air_temperature' };

/** A file whose parameter has other attributes, or other coordinates. */
function stepWith(
  url: string,
  times: number[],
  {
    t = {},
    ...more
  }: { t?: Record<string, string>; dimensions?: Record<string, number> } & Record<string, unknown> = {},
  variables: Record<string, VariableSketch> = {},
): FileSketch {
  const file = step(url, times, { ...more, variables });
  file.variables.t.attributes = { ...attributesOfT, ...t };
  return file;
}

/** A file on levels, at one time. */
function onLevels(url: string, time: number, levels: number[]): FileSketch {
  const file = step(url, [time], {
    dimensions: { z: levels.length },
    variables: {
      z: { dtype: 'float64', dimensions: ['z'], values: levels, attributes: { units: 'hPa' } },
    },
  });
  file.variables.t.dimensions = ['time', 'z', 'y'];
  return file;
}

const member = (url: string, times: number[], realization: number) =>
  stepWith(url, times, { t: { coordinates: 'realization' } }, { realization: scalar(realization) });
const run = (url: string, start: number, times: number[]) =>
  stepWith(
    url,
    times,
    { t: { coordinates: 'reftime' } },
    {
      reftime: scalar(start, { units: hours, standard_name: 'forecast_reference_time' }),
    },
  );
const at = (hour: number) => `2000-01-01T0${hour}:00:00Z`;

const noleap = step('b', [1]);
noleap.variables.time.attributes = { units: hours, calendar: 'noleap' };
const single: FileSketch = {
  url: 'b',
  dimensions: { y: 2 },
  variables: {
    t: { dimensions: ['y'], attributes: { ...attributesOfT, coordinates: 'time' } },
    time: scalar(1, { units: hours }),
    y: step('b', []).variables.y,
  },
};
const lead = (url: string, time: number, units: string) =>
  stepWith(url, [time], { t: { coordinates: 'lead' } }, { lead: scalar(time, { units }) });
const leads = (url: string, times: number[]) =>
  stepWith(
    url,
    times,
    { t: { coordinates: 'lead' } },
    {
      lead: { dtype: 'float64', dimensions: ['time'], values: times, attributes: { units: '1' } },
    },
  );
const stations = (url: string, time: number, count: number): FileSketch => ({
  url,
  dimensions: { time: 1, station: count },
  unlimited: ['station'],
  variables: {
    t: { dimensions: ['time', 'station'], attributes: attributesOfT },
    p: { dimensions: ['time'], attributes: { units: 'Pa' } },
    time: { dtype: 'float64', dimensions: ['time'], values: [time], attributes: { units: hours } },
  },
});
const onRows = (url: string, time: number, values: number[]) =>
  step(url, [time], {
    variables: {
      y: { dtype: 'float64', dimensions: ['y'], values, attributes: { units: 'degrees_north' } },
    },
  });
const mapped = (url: string, time: number, radius: string) =>
  stepWith(
    url,
    [time],
    { t: { grid_mapping: 'crs' } },
    {
      crs: { dtype: 'int32', values: [0], attributes: { radius } },
    },
  );
const turned = step('b', [1]);
turned.variables.t.dimensions = ['y', 'time'];

function inRows(url: string, time: number): FileSketch {
  const { variables, ...file } = step(url, [time]);
  const { time: times, t, y } = variables;
  return {
    ...file,
    dimensions: { time: 1, row: 2 },
    variables: {
      time: times,
      t: { ...t, dimensions: ['time', 'row'] },
      row: { ...y, dimensions: ['row'] },
    },
  };
}

const conflicts: Conflict[] = [
  {
    what: 'units',
    files: [step('a', [0]), stepWith('b', [1], { t: { units: 'degC' } })],
    message:
      '"t": units is "K" in a and "degC" in b; --set \'t.units=VALUE\' makes them equal, which changes what the files say, not the numbers, or publish the files under two names',
    details: { attribute: 'units', value: '"K"', other_value: '"degC"' },
    resolved: [
      {
        option: "--set 't.units=VALUE'",
        by: { changes: [set('t', 'units', 'K')] },
        shapes: { t: 'time:2 y:2' },
      },
    ],
  },
  {
    what: 'calendars',
    files: [step('a', [0]), noleap],
    message: '"t": time.calendar is not there in a and "noleap" in b',
    details: { attribute: 'time.calendar', value: 'not there', other_value: '"noleap"' },
    resolved: [
      {
        option: "--set 'time.calendar=VALUE'",
        by: { changes: [set('time', 'calendar', 'noleap')] },
        shapes: { t: 'time:2 y:2' },
      },
    ],
  },
  {
    what: 'units of a coordinate',
    files: [lead('a', 0, 'm'), lead('b', 1, 'K')],
    message: '"t": lead.units is "m" in a and "K" in b',
    details: { attribute: 'lead.units', value: '"m"', other_value: '"K"' },
    resolved: [
      {
        option: "--set 'lead.units=VALUE'",
        by: { changes: [set('lead', 'units', 'm')] },
        shapes: { t: 'time:2 y:2' },
      },
    ],
  },
  {
    what: 'dimensions of a coordinate',
    files: [lead('a', 0, '1'), leads('b', [1, 2])],
    message: '"t": dimensions of "lead" are () in a and (time) in b',
    details: { attribute: 'lead', value: '()', other_value: '(time)' },
    resolved: [
      {
        option: '"drop: [lead]" of an --overlay',
        by: { changes: [drop('lead')] },
        shapes: { t: 'time:3 y:2' },
      },
    ],
  },
  {
    what: 'a time that is scalar here and a dimension there',
    files: [step('a', [0]), single],
    message:
      '"t": time is a scalar coordinate in b and a dimension in a; no option makes them one cube: give "t" of the former a dimension "time" of length 1, or publish the files under two names',
    details: {
      ...{ attribute: 'time', value: 'a scalar coordinate', other_value: 'a dimension' },
      ...{ file: 'b', other_file: 'a' },
    },
    resolved: [],
  },
  {
    what: 'times that overlap',
    files: [
      step('run1.nc', [0, 1], { attributes: { source: 'run 1' } }),
      step('run2.nc', [1, 2], { attributes: { source: 'run 2' } }),
    ],
    message: `"t" of run1.nc and run2.nc can't be one cube: both lie at time ${at(0)} … ${at(1)} and ${at(1)} … ${at(2)}; if they are of two members or runs, say which with --dimension NAME=@source, remove one of them, or publish them under two names`,
    details: {
      ...{ coordinate: 'time', file: 'run1.nc', other_file: 'run2.nc' },
      ...{ value: `${at(0)} … ${at(1)}`, other_value: `${at(1)} … ${at(2)}` },
    },
    resolved: [
      {
        option: '--dimension NAME=@source',
        by: from('realization', '', 'source'),
        shapes: { t: 'realization:2 time:2 y:2' },
      },
    ],
  },
  {
    what: 'times that overlap, in unlike numbers',
    files: [step('run_2000010100.nc', [0, 1, 2]), step('run_2000010101.nc', [1, 2])],
    message: `"t" of run_2000010100.nc and run_2000010101.nc can't be one cube: both lie at time ${at(0)} … ${at(2)} and ${at(1)} … ${at(2)}; if they are of two runs, take the latest for each time with --best --dimension forecast_reference_time=PATTERN (of the URL), `,
    details: {
      coordinate: 'time',
      file: 'run_2000010100.nc',
      other_file: 'run_2000010101.nc',
      value: `${at(0)} … ${at(2)}`,
      other_value: `${at(1)} … ${at(2)}`,
    },
    resolved: [
      {
        option: '--best --dimension forecast_reference_time=PATTERN (of the URL)',
        by: { best: true, ...from('forecast_reference_time', '\\d{10}') },
        shapes: { t: 'time:3 y:2' },
      },
    ],
  },
  {
    what: 'runs that overlap',
    files: [run('a', 0, [0, 1, 2]), run('b', 1, [1, 2])],
    message: `"t" of a and b can't be one cube: both lie at time ${at(0)} … ${at(2)} and ${at(1)} … ${at(2)}; publish with --best, which takes the latest run for each time, remove one`,
    details: { coordinate: 'time', value: `${at(0)} … ${at(2)}`, other_value: `${at(1)} … ${at(2)}` },
    resolved: [{ option: '--best', by: { best: true }, shapes: { t: 'time:3 y:2' } }],
  },
  {
    what: 'levels that interleave, at two times',
    files: [onLevels('a', 0, [850, 500]), onLevels('b', 1, [850, 700])],
    message:
      '"t" of a and b can\'t be one cube: both lie at z 850 … 500 and 850 … 700; if they are meant to be equal, ',
    details: {
      ...{ coordinate: 'z', file: 'a', other_file: 'b' },
      ...{ value: '850 … 500', other_value: '850 … 700' },
    },
    resolved: [
      {
        option: '"drop: [z]" and "add: {z: {values: […], dimension: z}}" of an --overlay',
        by: { changes: [drop('z'), add('z', [850, 500])] },
        shapes: { t: 'time:2 z:2 y:2' },
      },
    ],
  },
  {
    what: 'a place that no piece fills',
    files: [member('a', [0], 1), member('b', [0], 2), member('c', [1], 1)],
    message: `"t": 3 pieces do not fill a grid of 2 time by 2 realization: there is none at time ${at(1)}, realization 2, beside c at time ${at(1)}, realization 1 and b at time ${at(0)}, realization 2; add the file that has it, leave out the others of its row (such as c), or publish with --allow-missing`,
    details: {
      missing: `time ${at(1)}, realization 2`,
      file: 'c',
      other_file: 'b',
      value: `time ${at(1)}, realization 1`,
      other_value: `time ${at(0)}, realization 2`,
    },
    resolved: [
      {
        option: '--allow-missing',
        by: { allowMissing: true },
        shapes: { t: 'realization:2 time:2 y:2' },
      },
    ],
  },
  {
    what: 'lengths that no coordinate explains',
    files: [stations('a', 0, 3), stations('b', 1, 2)],
    message:
      '"t" of a and b can\'t be one cube: dimension station has 3 and 2 elements, and no coordinate tells how to join them; no option joins them: publish files of one length of station at a time, or leave the variable out ("drop: [t]" of an --overlay)',
    details: { coordinate: 'station', value: '3', other_value: '2' },
    resolved: [
      { option: '"drop: [t]" of an --overlay', by: { changes: [drop('t')] }, shapes: { p: 'time:2' } },
    ],
  },
  {
    what: 'one place, where an attribute tells the files apart',
    files: [
      step('a', [0], { attributes: { experiment: 'run 7' } }),
      step('b', [0], { attributes: { experiment: 'run 8' } }),
    ],
    message: `"t" of a and b can't be one cube: both lie at time ${at(0)}, y 10 … 20; only global attributes differ, such as experiment: "run 7" and "run 8"; give the files a scalar coordinate "experiment" (named in the attribute "coordinates" of the variable), say where it stands with --dimension NAME=@experiment, remove one of them, or publish them under two names`,
    details: { coordinate: `time ${at(0)}, y 10 … 20`, file: 'a', other_file: 'b' },
    resolved: [
      {
        option: '--dimension NAME=@experiment',
        by: from('experiment', '\\d+$', 'experiment'),
        shapes: { t: 'experiment:2 time:1 y:2' },
      },
    ],
  },
  {
    what: 'one place, where only URLs tell the files apart',
    files: [step('member_7', [0]), step('member_8', [0])],
    message: `"t" of member_7 and member_8 can't be one cube: both lie at time ${at(0)}, y 10 … 20; give the files a scalar coordinate that differs (named in the attribute "coordinates" of the variable), say where it stands with --dimension NAME=PATTERN (of the URL), remove one of them, or publish them under two names`,
    details: { coordinate: `time ${at(0)}, y 10 … 20`, file: 'member_7', other_file: 'member_8' },
    resolved: [
      {
        option: '--dimension NAME=PATTERN (of the URL)',
        by: from('member', '\\d+$'),
        shapes: { t: 'member:2 time:1 y:2' },
      },
    ],
  },
  {
    what: 'one place, where a scalar tells the files apart that nothing names',
    files: [7, 8].map((number) => step(`m${number}`, [0], { variables: { number: scalar(number) } })),
    message: `both lie at time ${at(0)}, y 10 … 20; name the scalar variable "number", which is 7 and 8, in the attribute "coordinates" of "t" (--set 't.coordinates=number'), remove one`,
    details: { coordinate: `time ${at(0)}, y 10 … 20`, file: 'm7', other_file: 'm8' },
    resolved: [
      {
        option: "--set 't.coordinates=number'",
        by: { changes: [set('t', 'coordinates', 'number')] },
        shapes: { t: 'number:2 time:1 y:2' },
      },
    ],
  },
  {
    what: 'a start of a run that is missing',
    files: [run('a', 0, [0, 1]), run('b', NaN, [1, 2])],
    options: { best: true },
    message:
      '"t" of b: "reftime" has missing values, and --best has to know it; leave the file out, or publish without --best',
    details: { coordinate: 'reftime', file: 'b', value: 'missing values' },
    resolved: [{ option: 'publish without --best', by: {}, shapes: { t: 'reftime:2 time:2 y:2' } }],
  },
  {
    what: 'chunks that --best would have to cut',
    files: [run('a', 0, [0, 1, 2, 3]), run('b', 1, [1])].map((file) => {
      file.variables.t.chunks = [Math.min(3, file.dimensions.time), 2];
      return file;
    }),
    options: { best: true },
    message:
      '"t" of a: steps 2 to 3 along time are to be taken out, but its chunks hold 3 steps each; publish files that are chunked by single steps, or publish without --best and --allow-missing',
    details: { coordinate: 'time', file: 'a' },
    resolved: [],
  },
  {
    what: 'a coordinate whose values are too many to be cut',
    files: [run('a', 0, [0, 1]), run('b', 1, [1, 2])].map((file) => {
      file.variables.t.attributes = { ...file.variables.t.attributes, coordinates: 'reftime quality' };
      file.variables.quality = { dimensions: ['time'], chunks: [1] };
      return file;
    }),
    options: { best: true },
    message:
      '"t" of a: steps 0 to 0 along time are to be taken out, but the values of "quality" are too many to take a part of them; leave it out ("drop: [quality]" of an --overlay), or publish without --best and --allow-missing',
    details: { coordinate: 'quality', file: 'a' },
    resolved: [
      {
        option: '"drop: [quality]" of an --overlay',
        by: { best: true, changes: [drop('quality')] },
        shapes: { t: 'time:3 y:2' },
      },
    ],
  },
];

/** Files of which a merge makes several cubes, with what it notes of that; `by` makes them one. */
const notes: {
  what: string;
  files: FileSketch[];
  note: string;
  by?: MetadataChange[];
  resolved?: Record<string, string>;
}[] = [
  {
    what: 'dimensions of other names',
    files: [step('a', [0]), inRows('b', 1)],
    note: 't: of 2 kinds, which are cubes of their own: dimensions are (time, y) in a and (time, row) in b; "rename: {row: y}" of an --overlay makes them equal',
    by: [rename('row', 'y')],
    resolved: { t: 'time:2 y:2' },
  },
  {
    what: 'dimensions in another order',
    files: [step('a', [0]), turned],
    note: 't: of 2 kinds, which are cubes of their own: dimensions are (time, y) in a and (y, time) in b; no option makes them one cube',
  },
  {
    what: 'standard names',
    files: [step('a', [0]), stepWith('b', [1], { t: { standard_name: 'air_temperature_anomaly' } })],
    note: `t: of 2 kinds, which are cubes of their own: standard_name is "air_temperature" in a and "air_temperature_anomaly" in b; --set 't.standard_name=VALUE' makes them equal, which changes what the files say, not the numbers`,
    by: [set('t', 'standard_name', 'air_temperature')],
    resolved: { t: 'time:2 y:2' },
  },
  {
    what: 'cell methods',
    files: [stepWith('a', [0], { t: { cell_methods: 'time: mean' } }), step('b', [1])],
    note: `t: of 2 kinds, which are cubes of their own: cell_methods is "time: mean" in a and "" in b; --set 't.cell_methods=VALUE' makes them equal, which changes what the files say, not the numbers`,
    by: [set('t', 'cell_methods', 'time: mean')],
    resolved: { t: 'time:2 y:2' },
  },
  {
    what: 'a coordinate that some files lack',
    files: [step('a', [0]), lead('b', 1, 'm')],
    note: 't: of 2 kinds, which are cubes of their own: "lead" is not there in a and a coordinate in b; "drop: [lead]" of an --overlay leaves it out',
    by: [drop('lead')],
    resolved: { t: 'time:2 y:2' },
  },
  {
    what: 'grid mappings',
    files: [mapped('a', 0, '6371229'), mapped('b', 1, '6371200')],
    note: `t: of 2 kinds, which are cubes of their own: crs.radius is "6371229" in a and "6371200" in b; --set 'crs.radius=VALUE' makes them equal, which changes what the files say, not the numbers`,
    by: [set('crs', 'radius', '6371229')],
    resolved: { t: 'time:2 y:2' },
  },
  {
    what: 'lengths of a dimension',
    files: [onLevels('a', 0, [850, 500]), onLevels('b', 1, [850, 700, 500])],
    note: 't: on 2 grids, which are 2 cubes: the length of z is 2 in a and 3 in b; no option joins grids of different sizes',
  },
  {
    what: 'latitudes that are nearly equal',
    files: [onRows('a', 0, [10, 20]), onRows('b', 1, [10, 20.000002])],
    note: 't: on 2 grids, which are 2 cubes: value 1 of y is 20 in a and 20.000002 in b; if they are meant to be equal, "drop: [y]" and "add: {y: {values: […], dimension: y}}" of an --overlay make them so',
    by: [drop('y'), add('y', [10, 20])],
    resolved: { t: 'time:2 y:2' },
  },
];

async function conflictOf(files: FileSketch[], options: Partial<MergeOptions> = {}): Promise<HyperslabError> {
  try {
    await mergeWith(options, ...files);
  } catch (error) {
    assert.ok(isHyperslabError(error, 'MERGE_CONFLICT'), String(error));
    return error;
  }
  assert.fail('expected a conflict');
}

describe('a conflict of a merge', () => {
  for (const { what, files, options, message, details, resolved } of conflicts) {
    it(`of ${what} names the files, both values and an option that resolves it`, async () => {
      const error = await conflictOf(files, options);
      assert.ok(error.message.includes(message), error.message);
      assert.doesNotMatch(error.message, /\n/);
      const found = Object.keys(details).map((key) => [key, error.details[key]]);
      assert.deepEqual(Object.fromEntries(found), details);
      for (const { option, by, shapes: expected } of resolved) {
        assert.ok(error.message.includes(option), `${option} in ${error.message}`);
        assert.deepEqual(shapes((await mergeWith(by ?? {}, ...files)).dataset), expected);
      }
      // What can always be done: each under a name of its own.
      for (const file of files) await merge(file);
    });
  }
});

describe('files that become several cubes', () => {
  for (const { what, files, note, by, resolved } of notes) {
    it(`for their ${what} say so with the files, both values and an option that joins them`, async () => {
      const { dataset } = await merge(...files);
      assert.equal(dataset.cubes.length, 2);
      assert.deepEqual(dataset.provenance?.notes, [note]);
      if (by === undefined) return;
      const joined = await mergeWith({ changes: by }, ...files);
      assert.deepEqual(shapes(joined.dataset), resolved);
    });
  }
});
