import type { ClusterMessage } from '../../../src/cluster/messages.ts';
import { element, setText } from '../dom.ts';
import { formatBytes, formatDuration, formatNumber } from '../format.ts';
import type { ClusterPart } from './cluster-view.ts';

/** What each tile says: its number and a line below. */
const tiles: [title: string, text: (state: ClusterMessage) => [value: string, detail: string]][] = [
  [
    'Workers',
    ({ totals, workers }) => {
      const draining = workers.filter((worker) => worker.draining).length;
      const wanted = totals?.wantedWorkers ? `${totals.wantedWorkers} wanted` : 'fixed number';
      return [formatNumber(totals?.workers ?? 0), draining > 0 ? `${draining} draining, ${wanted}` : wanted];
    },
  ],
  [
    'Tasks running',
    ({ totals }) => [formatNumber(totals?.tasksRunning ?? 0), `of ${formatNumber(totals?.slots ?? 0)} slots`],
  ],
  [
    'Queue',
    ({ totals }) => [
      formatNumber(totals?.tasksQueued ?? 0),
      totals && totals.queuedSlotSeconds > 0
        ? `${formatDuration(totals.queuedSlotSeconds)} of slot time`
        : 'tasks wait',
    ],
  ],
  [
    'Processors',
    ({ workers }) => {
      const cores = workers.reduce((sum, { rates }) => sum + rates.cpu, 0);
      const threads = workers.reduce((sum, each) => sum + each.threads, 0);
      return [cores.toFixed(1), threads > 0 ? `cores busy, ${threads} threads` : 'cores busy'];
    },
  ],
  [
    'Memory',
    ({ workers, totals }) => {
      const used = workers.reduce((sum, { memory }) => sum + memory.rss, 0);
      const limit = workers.reduce((sum, { memory }) => sum + memory.limit, 0);
      return [
        formatBytes(used),
        `of ${formatBytes(limit)}, ${formatBytes(totals?.heldBytes ?? 0)} must be kept`,
      ];
    },
  ],
  [
    'Storage',
    ({ workers }) => {
      const bytes = workers.reduce((sum, { rates }) => sum + rates.storageBytes, 0);
      const reads = workers.reduce((sum, { rates }) => sum + rates.storageReads, 0);
      return [`${formatBytes(bytes)}/s`, `${formatNumber(reads)} reads/s`];
    },
  ],
  [
    'Jobs',
    ({ totals }) => [
      formatNumber(totals?.jobsRunning ?? 0),
      `${formatNumber(totals?.tasksDone ?? 0)} tasks done, ${formatNumber(totals?.tasksFailed ?? 0)} failed`,
    ],
  ],
];

/** The figures that are looked at first. */
export function openTiles(root: HTMLElement): ClusterPart {
  const made = tiles.map(([title, text]) => {
    const value = element('strong', {}, '–');
    const detail = element('span', { class: 'detail' }, '\u00a0');
    root.append(element('div', { class: 'tile' }, element('span', { class: 'title' }, title), value, detail));
    return { value, detail, text };
  });
  return {
    show(state) {
      for (const { value, detail, text } of made) {
        const [number, below] = text(state);
        setText(value, number);
        setText(detail, below);
      }
    },
  };
}
