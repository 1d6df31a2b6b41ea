import type { ClusterMessage, TaskView, WorkerView } from '../../../src/cluster/messages.ts';
import { element, setText } from '../dom.ts';
import { counted, formatBytes, formatClock, formatDuration } from '../format.ts';
import { chartColours } from '../theme.ts';
import type { ClusterPart } from './cluster-view.ts';
import { assignLanes, type LaneTask } from './lanes.ts';

const spanMs = 120_000;
const laneHeight = 9;
const gap = 8;
const labelWidth = 132;
const axisHeight = 18;
/** More workers than this are not readable; the busiest are shown. */
const mostWorkers = 40;

interface Drawn {
  task: TaskView;
  box: [left: number, top: number, width: number, height: number];
}

/** What each worker did in the last minutes: a lane for each slot, a bar for each task, coloured by its job. */
export function openTaskStream(root: HTMLElement): ClusterPart {
  const canvas = element('canvas', {
    class: 'task-stream',
    role: 'img',
    'aria-label': 'Tasks of each worker in the last two minutes',
  });
  const reading = element('p', { class: 'readout' }, '\u00a0');
  const remark = element('p', { class: 'remark' });
  root.append(canvas, reading, remark);
  let drawn: Drawn[] = [];
  let latest: ClusterMessage | undefined;

  function draw(state: ClusterMessage): void {
    const recent = state.tasks.filter(({ end }) => end > state.time - spanMs);
    const workers = shownWorkers(state.workers, recent);
    const lanes = workers.map((worker) => ({
      worker,
      tasks: assignLanes(recent.filter((task) => task.worker === worker.id)),
    }));
    const heights = lanes.map(
      ({ worker, tasks }) => Math.max(1, worker.slots, ...tasks.map(({ lane }) => lane + 1)) * laneHeight,
    );
    const width = canvas.parentElement?.clientWidth ?? 600;
    const height = heights.reduce((sum, each) => sum + each + gap, axisHeight);
    const ratio = devicePixelRatio || 1;
    canvas.style.height = `${height}px`;
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(height * ratio);
    const context = canvas.getContext('2d') as CanvasRenderingContext2D;
    context.scale(ratio, ratio);
    const colours = chartColours();
    const left = width < 560 ? 64 : labelWidth;
    const xOf = (time: number) => left + (1 - (state.time - time) / spanMs) * (width - left);
    context.font = '11px system-ui, sans-serif';
    context.textBaseline = 'middle';
    context.fillStyle = context.strokeStyle = colours.gridLine;
    for (let back = 0; back <= spanMs; back += 30_000) {
      const x = Math.round(xOf(state.time - back)) - 0.5;
      context.fillRect(x, axisHeight, 1, height - axisHeight);
    }
    context.fillStyle = colours.axis;
    for (let back = 30_000; back <= spanMs; back += 30_000) {
      const label = `−${back / 1000} s`;
      context.fillText(
        label,
        Math.max(left, xOf(state.time - back) - context.measureText(label).width / 2),
        axisHeight / 2,
      );
    }
    drawn = [];
    let top = axisHeight;
    for (const [i, { worker, tasks }] of lanes.entries()) {
      context.fillStyle = worker.draining ? colours.bad : colours.axis;
      context.fillText(clipped(context, worker.address, left - 10), 0, top + heights[i] / 2);
      for (const { task, lane } of tasks) drawn.push(bar(context, task, lane, top));
      top += heights[i] + gap;
    }
    const left0 =
      state.tasksLeftOut > 0 ? ` ${counted(state.tasksLeftOut, 'task')} more ended than are drawn.` : '';
    const hidden = state.workers.length - workers.length;
    const others = hidden > 0 ? ` ${counted(hidden, 'worker')} with less to do not shown.` : '';
    setText(remark, `${counted(recent.length, 'task')} ended in the last two minutes.${left0}${others}`);

    function bar(context: CanvasRenderingContext2D, task: TaskView, lane: number, top: number): Drawn {
      const from = Math.max(left, xOf(task.start));
      const box: Drawn['box'] = [
        from,
        top + lane * laneHeight,
        Math.max(1.5, xOf(task.end) - from),
        laneHeight - 1,
      ];
      context.fillStyle = task.failed ? colours.bad : colourOfJob(task.job);
      context.fillRect(...box);
      return { task, box };
    }
  }

  canvas.addEventListener('pointermove', (event) => {
    const { left, top } = canvas.getBoundingClientRect();
    const [x, y] = [event.clientX - left, event.clientY - top];
    const found = drawn.find(({ box: [l, t, w, h] }) => x >= l - 1 && x <= l + w + 1 && y >= t && y <= t + h);
    reading.textContent = found === undefined ? '\u00a0' : describe(found.task);
  });
  const resized = new ResizeObserver(() => latest && draw(latest));
  resized.observe(root);
  return {
    show(state) {
      latest = state;
      draw(state);
    },
    close: () => resized.disconnect(),
  };
}

function shownWorkers(workers: readonly WorkerView[], tasks: readonly TaskView[]): WorkerView[] {
  const sorted = workers.toSorted((a, b) => a.address.localeCompare(b.address, 'en', { numeric: true }));
  if (sorted.length <= mostWorkers) return sorted;
  const busy = new Map<string, number>();
  for (const { worker } of tasks) busy.set(worker, (busy.get(worker) ?? 0) + 1);
  const busiest = sorted
    .toSorted((a, b) => (busy.get(b.id) ?? 0) - (busy.get(a.id) ?? 0))
    .slice(0, mostWorkers);
  return sorted.filter((worker) => busiest.includes(worker));
}

function describe({
  kind,
  task,
  job,
  start,
  end,
  bytes,
  failed,
  reason,
  attempt,
}: LaneTask & TaskView): string {
  const how = failed ? `failed: ${reason}` : formatBytes(bytes);
  const again = attempt > 1 ? `, try ${attempt}` : '';
  return `${kind} #${task} of job ${job.slice(0, 8)}${again}: ${formatDuration((end - start) / 1000)} from ${formatClock(start)}, ${how}`;
}

/** A colour of its own for each job, from its name: the same in every page, and never the red of what failed. */
function colourOfJob(job: string): string {
  let hash = 0;
  for (let i = 0; i < job.length; i++) hash = (hash * 31 + job.charCodeAt(i)) >>> 0;
  return `hsl(${40 + ((hash * 137.508) % 280)} 55% 52%)`;
}

function clipped(context: CanvasRenderingContext2D, text: string, width: number): string {
  if (context.measureText(text).width <= width) return text;
  let shown = text;
  while (shown.length > 1 && context.measureText(`…${shown}`).width > width) shown = shown.slice(1);
  return `…${shown}`;
}
