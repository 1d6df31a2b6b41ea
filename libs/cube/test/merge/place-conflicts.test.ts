import { add, at, drop, from, member, onLevels, run, set, stations } from './conflict-sketches.ts';
import { scalar, step } from './merge-sketches.ts';
import { type Conflict, testConflicts } from './test-conflicts.ts';

const conflicts: Conflict[] = [
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

describe('a conflict of where pieces lie', () => testConflicts(conflicts));
