import { setTimeout as sleep } from 'node:timers/promises';
import type { ClusterUpdate, WatchClusterRequest } from '@hyperslab/proto/scheduler';
import type { SchedulerState } from '../state/scheduler-state.ts';
import { ClusterWatcher } from './cluster-watcher.ts';
import type { History } from './history.ts';
import { splitUpdate } from './split-update.ts';
import { watchWishes } from './watch-wishes.ts';

/** Updates come a moment after the end of a second, when its point is there. */
const afterSecondMs = 20;

/**
 * What is kept of the cluster, then what changes. An update is made when the one before has been taken and the
 * interval is over, of all that is new by then.
 */
export async function* watchCluster(
  state: SchedulerState,
  history: History,
  request: WatchClusterRequest,
  signal: AbortSignal,
): AsyncGenerator<ClusterUpdate> {
  const wishes = watchWishes(request);
  const watcher = new ClusterWatcher(state, history, wishes, Date.now());
  try {
    for (;;) {
      const nowMs = Date.now();
      yield* splitUpdate(watcher.update(nowMs));
      const dueMs = nowMs - (nowMs % 1000) + wishes.intervalMs + afterSecondMs;
      await sleep(Math.max(0, dueMs - Date.now()), undefined, { signal });
    }
  } finally {
    watcher.close();
  }
}
