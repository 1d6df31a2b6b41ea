import type { ClusterUpdate } from '@hyperslab/proto/scheduler';

/** About the largest message; three times as much is what any client takes. */
const mostBytes = 2 ** 20;

type ListName =
  | 'workers'
  | 'workersGone'
  | 'jobs'
  | 'jobsGone'
  | 'points'
  | 'workerHistory'
  | 'tasks'
  | 'events';

/** About how many bytes an item of each list takes, at most. */
const weights: { [Name in ListName]: (item: ClusterUpdate[Name][number]) => number } = {
  workers: () => 400,
  workersGone: () => 60,
  jobs: () => 4_000,
  jobsGone: () => 100,
  points: () => 250,
  workerHistory: ({ points }) => 60 + 60 * points.length,
  tasks: () => 200,
  events: () => 1_000,
};

const listNames = Object.keys(weights) as ListName[];

/** An update as messages that any client takes: itself, or parts that have some of its lists each. */
export function* splitUpdate(update: ClusterUpdate): Generator<ClusterUpdate> {
  let part = withoutLists(update);
  let bytes = 0;
  for (const name of listNames) {
    for (const item of update[name]) {
      const weight = weights[name](item as never);
      if (bytes + weight > mostBytes && bytes > 0) {
        yield { ...part, more: true };
        part = withoutLists(update);
        bytes = 0;
      }
      (part[name] as unknown[]).push(item);
      bytes += weight;
    }
  }
  yield part;
}

function withoutLists(update: ClusterUpdate): ClusterUpdate {
  const empty = Object.fromEntries(listNames.map((name) => [name, []]));
  return { ...update, ...empty };
}
