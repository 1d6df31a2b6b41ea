import assert from 'node:assert/strict';
import type { MetadataChange } from '@hyperslab/proto/merge';
import type { FileSketch } from '../build-index.ts';
import {
  add,
  drop,
  inRows,
  lead,
  mapped,
  onLevels,
  onRows,
  rename,
  set,
  stepWith,
  turned,
} from './conflict-sketches.ts';
import { merge, mergeWith, shapes, step } from './merge-sketches.ts';

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
