import assert from 'node:assert/strict';
import { HyperslabError } from '@hyperslab/errors';
import { initialFollowState, newsOf, type RoundOutcome } from '../../src/follow/follow-news.ts';

const version = (number: number, ...leftOut: string[]): RoundOutcome => ({
  published: { name: 'run', version: number, cubes: 1 },
  leftOut: leftOut.map((file) => {
    const [url, reason, message = ''] = file.split(' ');
    return { url, reason, message };
  }),
});
const failure = (
  reason: 'UNAVAILABLE' | 'MERGE_CONFLICT' | 'OBJECT_NOT_FOUND',
  message: string,
): RoundOutcome => ({
  error: new HyperslabError(reason, message, { url: 'a' }),
});

/** What is told of rounds one after the other, in short. */
function told(outcomes: readonly RoundOutcome[], known = 0): string[][] {
  let state = { ...initialFollowState, version: known };
  return outcomes.map((outcome) => {
    const after = newsOf(state, outcome);
    state = after.state;
    return after.news.map((event) => {
      if (event.kind === 'left-out') return `${event.file.reason} ${event.file.url}`;
      if (event.kind === 'failed') return event.error.message;
      const line = `${event.kind} ${event.published.version}`;
      const isLater = event.kind === 'published' && event.between !== undefined;
      return isLater ? `${line} after ${event.between} others` : line;
    });
  });
}

describe('what a follower tells', () => {
  it('is each new version once, and at the beginning that there is none', () => {
    assert.deepEqual(told([version(1), version(1), version(2)]), [['published 1'], [], ['published 2']]);
    assert.deepEqual(told([version(3), version(3), version(4)], 3), [['current 3'], [], ['published 4']]);
  });

  it('is how many versions others published in between', () => {
    assert.deepEqual(told([version(2), version(3), version(6), version(6)], 1), [
      ['published 2'],
      ['published 3'],
      ['published 6 after 2 others'],
      [],
    ]);
    assert.deepEqual(told([version(3)]), [['published 3 after 2 others']]);
  });

  it('is each file that is left out once, and again when it comes back', () => {
    assert.deepEqual(
      told([
        version(1, 'a UNAVAILABLE 5s'),
        version(1, 'a UNAVAILABLE 6s', 'b FORMAT_CORRUPT'),
        version(1, 'a FORMAT_CORRUPT', 'b FORMAT_CORRUPT'),
        version(2),
        version(2, 'a FORMAT_CORRUPT'),
      ]),
      [
        ['UNAVAILABLE a', 'published 1'],
        ['FORMAT_CORRUPT b'],
        ['FORMAT_CORRUPT a'],
        ['published 2'],
        ['FORMAT_CORRUPT a'],
      ],
    );
  });

  it('is a failure once as long as it lasts, and files that were left out before it are not told again', () => {
    assert.deepEqual(
      told([
        failure('OBJECT_NOT_FOUND', 'no file 5s'),
        failure('OBJECT_NOT_FOUND', 'no file 6s'),
        version(1, 'a FORMAT_CORRUPT'),
        failure('UNAVAILABLE', 'away'),
        failure('UNAVAILABLE', 'still away'),
        failure('MERGE_CONFLICT', 'b and c'),
        failure('UNAVAILABLE', 'away again'),
        failure('MERGE_CONFLICT', 'b and d'),
        version(1, 'a FORMAT_CORRUPT'),
        failure('MERGE_CONFLICT', 'b and c'),
      ]),
      [
        ['no file 5s'],
        [],
        ['FORMAT_CORRUPT a', 'published 1'],
        ['away'],
        [],
        ['b and c'],
        [],
        ['b and d'],
        [],
        ['b and c'],
      ],
    );
  });
});
