import assert from 'node:assert/strict';
import fc from 'fast-check';
import { assignLanes } from '../../page/src/cluster/lanes.ts';
import { formatRoute, parseIndices, parseRoute } from '../../page/src/route.ts';

describe('the address of the page', () => {
  it('is readable', () => {
    const route = { dataset: 'ukv/2026-11-22@3', parameter: 'forecast/t', at: '3,0,-,-', along: '0' };
    assert.equal(
      formatRoute(route),
      '#explore?dataset=ukv/2026-11-22@3&parameter=forecast/t&at=3,0,-,-&along=0',
    );
  });

  it('says all that is shown, whatever the names', () => {
    const text = fc.string({ unit: 'binary' });
    fc.assert(
      fc.property(
        fc.constantFrom('explore' as const, 'cluster' as const),
        text,
        text,
        text,
        text,
        (view, ...parts) => {
          const [dataset, parameter, at, along] = parts;
          const route = { view, dataset, parameter, at, along };
          assert.deepEqual(parseRoute(formatRoute(route)), route);
        },
      ),
    );
  });

  it('may be anything', () => {
    assert.equal(parseRoute('').view, 'explore');
    assert.equal(parseRoute('#nonsense?%zz').view, 'explore');
    assert.deepEqual(parseIndices('3,-,99,x', [5, 5, 5, 5, 5]), [
      3,
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
  });
});

describe('lanes of the task stream', () => {
  it('hold tasks that do not overlap, in as few lanes as run at once', () => {
    const tasks = [
      { start: 0, end: 10 },
      { start: 5, end: 8 },
      { start: 8, end: 20 },
      { start: 10, end: 12 },
    ];
    assert.deepEqual(
      assignLanes(tasks).map(({ lane }) => lane),
      [0, 1, 1, 0],
    );
  });
});
