import assert from 'node:assert/strict';
import { HyperslabError, isHyperslabError } from '@hyperslab/errors';
import fc from 'fast-check';
import { parseConstraint } from '../../src/constraint/parse-constraint.ts';

describe('parseConstraint', () => {
  it('reads names and hyperslabs', () => {
    assert.deepEqual(parseConstraint(''), []);
    assert.deepEqual(parseConstraint('t,lat'), [
      { path: 't', slices: [] },
      { path: 'lat', slices: [] },
    ]);
    assert.deepEqual(parseConstraint('t.t[3][0:9][1:2:7]'), [
      {
        path: 't.t',
        slices: [
          { start: 3, stride: 1, stop: 3 },
          { start: 0, stride: 1, stop: 9 },
          { start: 1, stride: 2, stop: 7 },
        ],
      },
    ]);
  });

  it('reads what clients encode', () => {
    assert.deepEqual(parseConstraint('t%5B0%3A9%5D%2Clat'), parseConstraint('t[0:9],lat'));
    assert.equal(parseConstraint('a%252Fb')[0].path, 'a%2Fb');
  });

  const refused: [string, RegExp][] = [
    ['t>5', /selection "t>5" is not supported/],
    ['t&lat>5', /selection "lat>5" is not supported/],
    ['geogrid(t,1,2,3,4)', /function .* is not supported/],
    ['t[', /expected a name/],
    ['t[0:1', /expected a name/],
    ['t[a]', /found \[a\]/],
    ['t[-1]', /found \[-1\]/],
    ['t[0:1:2:3]', /found \[0:1:2:3\]/],
    ['t[]', /found \[\]/],
    ['t[99999999999999999999]', /found/],
    ['t[1]x', /expected a name/],
    ['[1]', /expected the name/],
    ['t,,u', /expected the name/],
    ['%zz', /not percent-encoded/],
  ];
  for (const [query, pattern] of refused)
    it(`refuses ${query}`, () => {
      assert.throws(
        () => parseConstraint(query),
        (error) => isHyperslabError(error, 'INVALID_ARGUMENT') && pattern.test(error.message),
      );
    });

  it('reads again what it has read', () => {
    const index = fc.nat(1e9);
    const plain = { noNullPrototype: true };
    const clause = fc.record(
      {
        path: fc.stringMatching(/^[a-z_%2F.]{1,8}$/).filter((path) => !path.includes('%')),
        slices: fc.array(fc.record({ start: index, stride: index, stop: index }, plain), { maxLength: 4 }),
      },
      plain,
    );
    fc.assert(
      fc.property(fc.array(clause, { minLength: 1, maxLength: 4 }), (clauses) => {
        const text = clauses
          .map(
            ({ path, slices }) =>
              path + slices.map(({ start, stride, stop }) => `[${start}:${stride}:${stop}]`).join(''),
          )
          .join(',');
        assert.deepEqual(parseConstraint(text), clauses);
        assert.deepEqual(parseConstraint(encodeURIComponent(text)), clauses);
      }),
    );
  });

  it('answers or refuses any text at once', () => {
    const hostile = fc.oneof(
      fc.string({ maxLength: 200 }),
      fc.string({ unit: fc.constantFrom(...'[]:,&%.0a()<'), maxLength: 200 }),
      fc.constantFrom('[', '[0', ',', 'a.', '[0:', '%5B', '&').map((part) => part.repeat(5000)),
    );
    fc.assert(
      fc.property(hostile, (query) => {
        try {
          for (const { slices } of parseConstraint(query))
            for (const { start, stride, stop } of slices)
              assert.ok([start, stride, stop].every(Number.isSafeInteger));
        } catch (error) {
          assert.ok(error instanceof HyperslabError, String(error));
        }
      }),
      { numRuns: 500 },
    );
  }).timeout(5000);
});
