import assert from 'node:assert/strict';
import { ContentTable } from '../../src/merge/content-table.ts';
import { differenceText } from '../../src/merge/difference.ts';
import { groupDifference } from '../../src/merge/group-difference.ts';
import type { PieceGroup } from '../../src/merge/piece.ts';
import { merge, scalar, shapes, step, valuesOf } from './merge-sketches.ts';

/** A step with two scalar coordinates, which its parameter lists in some order. */
function listing(url: string, time: number, coordinates: string) {
  const file = step(url, [time], { variables: { lead: scalar(time + 5), height: scalar(2) } });
  file.variables.t.attributes = { units: 'K', coordinates };
  return file;
}

describe('coordinates that files list', () => {
  it('may come in any order', async () => {
    const { dataset } = await merge(
      listing('a', 0, 'lead height'),
      listing('b', 1, 'height lead'),
      listing('c', 2, 'lead height'),
    );
    assert.deepEqual(shapes(dataset), { t: 'time:3 y:2' });
    assert.deepEqual(valuesOf(dataset, 'lead'), [5, 6, 7]);
    assert.deepEqual(valuesOf(dataset, 'height'), [2]);
    assert.deepEqual(dataset.provenance?.notes, ['t: dropped coordinates, which differ between files']);
  });

  it('are named where their order tells fields apart', () => {
    const group = (...names: string[]): PieceGroup => ({
      path: '/t',
      ...{ isField: true, isConstant: false, dimensions: [], unlimited: new Set(), traits: {}, pieces: [] },
      links: names.map((name) => ({ path: `/${name}`, role: 'auxiliary', dimensions: [] })),
    });
    const difference = groupDifference(group('lead', 'height'), group('height', 'lead'), new ContentTable());
    assert.equal(
      differenceText(difference, ['a', 'b']),
      'coordinates are lead, height in a and height, lead in b',
    );
  });
});
