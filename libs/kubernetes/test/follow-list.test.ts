import assert from 'node:assert/strict';
import { HyperslabError } from '@hyperslab/errors';
import type { KubernetesApi, WatchEvent } from '../src/api/kubernetes-api.ts';
import { followList, type Listed } from '../src/endpoints/follow-list.ts';

type Answer = string[] | HyperslabError;
type Watch = WatchEvent<Listed>[] | HyperslabError;

const object = (name: string, resourceVersion: string): Listed => ({ metadata: { name, resourceVersion } });
const gone = new HyperslabError('INVALID_ARGUMENT', 'too old', { status: '410' });
const away = new HyperslabError('UNAVAILABLE', 'away');

/** Follows a list of which the API server answers what is said, in turn; ends when it has said all. */
async function follow(lists: Answer[], watches: Watch[]) {
  const seen: string[] = [];
  const calls: string[] = [];
  const ended = new AbortController();
  const next = <T>(answers: T[]): T => {
    const answer = answers.shift();
    if (answer === undefined) ended.abort();
    if (answer === undefined || answer instanceof HyperslabError) throw answer ?? away;
    return answer;
  };
  const api = {
    async request() {
      calls.push('list');
      const items = next(lists) as string[];
      return { metadata: { resourceVersion: '10' }, items: items.map((name) => object(name, '1')) };
    },
    async *watch(_path: unknown, version: string) {
      calls.push(`watch ${version}`);
      yield* next(watches) as WatchEvent<Listed>[];
    },
  } as unknown as KubernetesApi;
  const listener = {
    changed: (objects: ReadonlyMap<string, Listed>) => seen.push([...objects.keys()].join()),
    failed: (error: HyperslabError) => seen.push(error.message),
  };
  await followList(api, { api: 'v1', namespace: 'n', resource: 'things' }, listener, ended.signal);
  return { seen, calls };
}

describe('a list that is followed', () => {
  it('is listed once, and then its changes are taken in', async () => {
    const { seen, calls } = await follow(
      [['a']],
      [
        [
          { type: 'ADDED', object: object('b', '11') },
          { type: 'DELETED', object: object('a', '12') },
        ],
      ],
    );
    assert.deepEqual(seen, ['a', 'a,b', 'b']);
    assert.deepEqual(calls, ['list', 'watch 10', 'watch 12']);
  });

  it('goes on from the last bookmark when a watch has ended', async () => {
    const { seen, calls } = await follow([['a']], [[{ type: 'BOOKMARK', object: object('', '90') }], []]);
    assert.deepEqual(seen, ['a']);
    assert.deepEqual(calls, ['list', 'watch 10', 'watch 90', 'watch 90']);
  });

  it('is listed anew when the version is no longer kept, as an answer and as an event', async () => {
    const expired: WatchEvent<Listed>[] = [{ type: 'ERROR', object: object('', '0') }];
    const { calls, seen } = await follow([['a'], ['b'], ['c']], [gone, expired]);
    assert.deepEqual(calls, ['list', 'watch 10', 'list', 'watch 10', 'list', 'watch 10']);
    assert.deepEqual(seen, ['a', 'too old', 'b', 'c']);
  });

  it('is tried again while the API server is away, and says so once', async () => {
    const { seen, calls } = await follow([away, away, ['a']], []);
    assert.deepEqual(seen, ['away', 'a']);
    assert.deepEqual(calls, ['list', 'list', 'list', 'watch 10']);
  });
});
