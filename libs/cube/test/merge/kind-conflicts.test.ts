import { drop, lead, leads, noleap, set, single, stepWith } from './conflict-sketches.ts';
import { step } from './merge-sketches.ts';
import { type Conflict, testConflicts } from './test-conflicts.ts';

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
];

describe('a conflict of what files say of a parameter', () => testConflicts(conflicts));
