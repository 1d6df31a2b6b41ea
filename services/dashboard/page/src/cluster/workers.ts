import type { WorkerView } from '../../../src/cluster/messages.ts';
import { element, setText } from '../dom.ts';
import { formatBytes, formatDuration } from '../format.ts';
import type { ClusterPart } from './cluster-view.ts';
import { keyedRows, type Row } from './keyed-rows.ts';

const mostShown = 200;
const kinds = ['blocks', 'cache', 'buffers', 'heap', 'other'] as const;
const kindNames = { blocks: 'blocks', cache: 'cache', buffers: 'buffers', heap: 'objects', other: 'other' };
const headings = ['Worker', 'Tasks', 'Processors', 'Memory', 'On disk', 'Storage', 'Sent', 'Received'];

/** Workers, by address. */
export function openWorkers(root: HTMLElement): ClusterPart {
  const body = element('tbody');
  const head = element('tr', {}, ...headings.map((text) => element('th', { scope: 'col' }, text)));
  const remark = element('p', { class: 'remark' });
  const key = element(
    'p',
    { class: 'keys' },
    'Memory: ',
    ...kinds.map((kind) =>
      element('span', { class: 'key' }, element('i', { class: `kind ${kind}` }), kindNames[kind]),
    ),
  );
  root.append(
    key,
    element(
      'div',
      { class: 'scroll' },
      element('table', { class: 'workers' }, element('thead', {}, head), body),
    ),
    remark,
  );
  let now = 0;
  const fill = keyedRows<WorkerView>(body, (worker) => workerRow(worker, () => now));
  return {
    show({ workers, time }) {
      now = time;
      const sorted = workers.toSorted((a, b) => a.address.localeCompare(b.address, 'en', { numeric: true }));
      fill(sorted.slice(0, mostShown));
      setText(
        remark,
        sorted.length > mostShown ? `${sorted.length - mostShown} more workers are not listed.` : '',
      );
    },
  };
}

function workerRow({ id }: WorkerView, now: () => number): Row<WorkerView> {
  const address = element('span', { class: 'name' });
  const detail = element('span', { class: 'detail' });
  const cells = headings.slice(1).map(() => element('td', { class: 'numeric' }));
  const [tasks, processors, memory, disk, storage, sent, received] = cells;
  const bar = element('div', { class: 'memory', role: 'img' });
  const parts = kinds.map((kind) => element('i', { class: `kind ${kind}` }));
  const amount = element('span', { class: 'detail' });
  bar.append(...parts);
  memory.append(bar, amount);
  const root = element('tr', { 'data-worker': id }, element('td', {}, address, detail), ...cells);
  return {
    root,
    update(worker) {
      const { rss, limit, spilled } = worker.memory;
      const sizes = memoryByKind(worker);
      setText(address, worker.address);
      setText(
        detail,
        [
          worker.draining ? 'draining' : '',
          `up ${formatDuration((now() - worker.connected) / 1000)}`,
          lateText(worker),
        ]
          .filter(Boolean)
          .join(' · '),
      );
      root.classList.toggle('draining', worker.draining);
      setText(tasks, `${worker.running} of ${worker.slots}`);
      setText(processors, worker.rates.cpu.toFixed(2));
      for (const [i, kind] of kinds.entries())
        parts[i].style.width = `${(100 * sizes[kind]) / Math.max(limit, rss, 1)}%`;
      bar.setAttribute(
        'aria-label',
        kinds.map((kind) => `${kindNames[kind]} ${formatBytes(sizes[kind])}`).join(', '),
      );
      bar.title = bar.getAttribute('aria-label') ?? '';
      setText(amount, `${formatBytes(rss)} of ${formatBytes(limit)}`);
      setText(disk, formatBytes(spilled));
      setText(storage, `${formatBytes(worker.rates.storageBytes)}/s`);
      setText(sent, `${formatBytes(worker.rates.sent)}/s`);
      setText(received, `${formatBytes(worker.rates.received)}/s`);
    },
  };
}

function memoryByKind({ memory: { rss, blocks, cache, buffers, heap } }: WorkerView) {
  return { blocks, cache, buffers, heap, other: Math.max(0, rss - blocks - cache - buffers - heap) };
}

function lateText({ loopDelaySeconds }: WorkerView): string {
  return loopDelaySeconds > 0.2 ? `${formatDuration(loopDelaySeconds)} late` : '';
}
