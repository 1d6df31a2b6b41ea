import assert from 'node:assert/strict';
import { cellCount, type RunLengths, regularRuns, runsExtent } from '@hyperslab/array';
import type { PlanGrouping } from '@hyperslab/proto/expression';
import fc from 'fast-check';
import {
  groupStarts,
  groupsOfBlocks,
  groupsWithin,
  partialAxes,
  unitsOfGroups,
} from '../../src/plan/groupings.ts';
import { countsOf, partsOfTile, segmentsOf } from '../../src/task/group-tile.ts';

function grouping(extents: number[], members: number[], groups: number): PlanGrouping {
  return { axis: 0, groups, extents, members, dimension: '' };
}

/** Groups of neighbours in order, some of no index. */
const together = fc
  .array(fc.record({ extent: fc.integer({ min: 1, max: 9 }), skipped: fc.nat({ max: 2 }) }), {
    minLength: 1,
    maxLength: 12,
  })
  .chain((runs) =>
    fc.nat({ max: 2 }).map((last) => {
      let member = -1;
      const members = runs.map(({ skipped }) => (member += 1 + skipped));
      return grouping(
        runs.map(({ extent }) => extent),
        members,
        member + 1 + last,
      );
    }),
  );

/** Groups in any order, -1 (written as the number of groups) for indices in none. */
const scattered = fc
  .record({
    groups: fc.integer({ min: 1, max: 5 }),
    runs: fc.array(fc.tuple(fc.integer({ min: 1, max: 4 }), fc.nat()), { minLength: 1, maxLength: 12 }),
  })
  .map(({ groups, runs }) =>
    grouping(
      runs.map(([extent]) => extent),
      runs.map(([, member]) => member % (groups + 1)),
      groups,
    ),
  );

function memberOfEach({ extents, members }: PlanGrouping): number[] {
  return extents.flatMap((extent, run) => new Array<number>(extent).fill(members[run]));
}

function cellEnds(runs: RunLengths): number[] {
  let end = 0;
  return runs.sizes.flatMap((size, i) => Array.from({ length: runs.counts[i] }, () => (end += size)));
}

describe('groupings of a plan', () => {
  it('are cut between groups alone, at ends of chunks where that is not far', () => {
    fc.assert(
      fc.property(together, fc.integer({ min: 1, max: 12 }), (each, size) => {
        const starts = groupStarts(each)!;
        const length = memberOfEach(each).length;
        const units = unitsOfGroups(starts, regularRuns(length, size));
        assert.equal(runsExtent(units), length);
        for (const end of cellEnds(units)) assert.ok(starts.includes(end));
        const groups = groupsOfBlocks(each, units)!;
        assert.equal(runsExtent(groups), each.groups);
        assert.equal(cellCount(groups), cellCount(units));
      }),
    );
    const starts = Float64Array.from({ length: 101 }, (_, group) => 4 * group);
    assert.deepEqual(unitsOfGroups(starts, regularRuns(400, 50)), { sizes: [100], counts: [4] });
    assert.deepEqual(unitsOfGroups(starts, regularRuns(400, 1)), { sizes: [4], counts: [100] });
    assert.deepEqual(unitsOfGroups(starts, regularRuns(400, 37)), { sizes: [148, 104], counts: [2, 1] });
    const fives = starts.map((start) => (5 * start) / 4);
    assert.deepEqual(unitsOfGroups(fives, regularRuns(500, 37)), { sizes: [40, 20], counts: [12, 1] });
  });

  it('have the groups whose indices a block has', () => {
    fc.assert(
      fc.property(together, fc.nat(), (each, a) => {
        const starts = groupStarts(each)!;
        const start = starts[a % starts.length];
        const end = starts[each.groups];
        const [first, last] = groupsWithin(starts, start, end);
        const members = memberOfEach(each).slice(start, end);
        assert.deepEqual(
          countsOf(each, start, end, first, last),
          Array.from(
            { length: last - first },
            (_, i) => members.filter((member) => member === first + i).length,
          ),
        );
      }),
    );
  });

  it('make blocks partial results of all groups, where they cut through groups', () => {
    const reduce = (each: PlanGrouping) => ({
      operation: 'mean',
      input: 0,
      axes: [1],
      others: [],
      parameters: '',
      groupings: [each],
    });
    const pairs = grouping([2, 2, 2], [0, 1, 2], 3);
    assert.deepEqual(partialAxes(reduce(pairs), [regularRuns(6, 2), regularRuns(5, 5)]), [1]);
    assert.deepEqual(partialAxes(reduce(pairs), [regularRuns(6, 3), regularRuns(5, 5)]), [1, 0]);
    assert.equal(groupStarts(grouping([2, 2, 2], [0, 1, 0], 2)), undefined);
    assert.equal(groupStarts(grouping([2, 2], [0, 1], 1)), undefined);
  });

  it('cut a tile into parts that have each element in its group once', () => {
    fc.assert(
      fc.property(scattered, fc.nat(), fc.nat(), fc.integer({ min: 1, max: 3 }), (each, a, b, width) => {
        const members = memberOfEach(each);
        const start = a % members.length;
        const length = 1 + (b % (members.length - start));
        const found = new Map<number, number>();
        for (const { origin, shape, segments } of partsOfTile([each], [start, 0], [length, width])) {
          const [{ groups, extent, group }] = segments;
          assert.deepEqual([origin[1], shape], [0, [groups * extent, width]]);
          for (let i = 0; i < shape[0]; i++) {
            assert.ok(!found.has(origin[0] + i));
            found.set(origin[0] + i, group + Math.floor(i / extent));
          }
        }
        members.slice(start, start + length).forEach((member, i) => {
          assert.equal(found.get(i), member === each.groups ? undefined : member);
        });
      }),
    );
  });

  it('take groups of as many neighbours as one segment', () => {
    const days = grouping([24, 24, 24, 5], [0, 1, 2, 3], 4);
    assert.deepEqual(segmentsOf(days, 0, 72), [{ start: 0, groups: 3, extent: 24, group: 0 }]);
    assert.deepEqual(segmentsOf(days, 10, 77), [
      { start: 10, groups: 1, extent: 14, group: 0 },
      { start: 24, groups: 2, extent: 24, group: 1 },
      { start: 72, groups: 1, extent: 5, group: 3 },
    ]);
  });
});
