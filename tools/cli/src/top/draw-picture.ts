import { formatByteSize } from '@hyperslab/config';
import { counted } from '../output/counted.ts';
import { sparkline } from './bars.ts';
import type { ClusterPicture } from './cluster-picture.ts';
import { clip, drawTable } from './draw-table.ts';
import { jobRows } from './job-rows.ts';
import { memorySigns } from './memory-kinds.ts';
import { workerRows } from './worker-rows.ts';

/** How much room there is: a terminal's, or none to care about. */
export interface Room {
  columns: number;
  rows: number;
}

const leastEvents = 3;
const leastJobs = 2;
const narrowestBar = 12;
const widestBar = 40;

const workerHead = ['worker', 'cpu', 'tasks', 'memory', '', 'cache', 'net out', 'net in', 'storage', ''];
const legend = Object.entries(memorySigns).map(([kind, sign]) => `${sign} ${kind}`);

/** The cluster as lines of text that fit into the room: figures, workers, jobs, events. */
export function drawPicture(picture: ClusterPicture, { columns, rows }: Room): string[] {
  const head = headLines(picture, columns);
  // A blank line before, a heading for, and perhaps a line about what is left out of each of the three parts.
  const free = Math.max(0, rows - head.length - 9);
  const bar = Math.max(narrowestBar, Math.min(widestBar, columns - 110));
  const workers = workerRows(picture, bar);
  const jobs = jobRows(picture);
  const jobRoom = Math.max(Math.min(jobs.length, leastJobs), Math.floor(free / 3));
  const shownJobs = Math.min(jobs.length, jobRoom);
  const shownWorkers = Math.min(workers.length, Math.max(1, free - shownJobs - leastEvents));
  const lines = [
    ...head,
    '',
    ...drawTable(workerHead, workers, shownWorkers, 'worker', columns),
    '',
    ...drawTable(['job', 'kind', 'progress', 'tasks', 'phase', 'what'], jobs, shownJobs, 'job', columns),
    '',
  ];
  return [...lines, ...eventLines(picture, rows - lines.length, columns)];
}

function headLines(
  { timeMs, totals, points, resolutionSeconds, scaling, workers }: ClusterPicture,
  columns: number,
) {
  const latest = points.at(-1);
  const perSecond = (value = 0) => `${formatByteSize(value / (resolutionSeconds || 1))}/s`;
  const wants = totals.wantedWorkers > 0 ? ` of ${totals.wantedWorkers} wanted` : '';
  const rss = [...workers.values()].reduce((sum, { info }) => sum + (info.report?.rss ?? 0), 0);
  const cores = (latest?.cpuSeconds ?? 0) / (resolutionSeconds || 1);
  const requests = (latest?.storageRequests ?? 0) / (resolutionSeconds || 1);
  const failures = points.reduce((sum, { storageErrors }) => sum + storageErrors, 0);
  const spark = sparkline(
    points.map(({ storageBytes }) => storageBytes),
    Math.max(10, Math.min(60, columns - 70)),
  );
  const lines = [
    `${new Date(timeMs).toISOString().slice(11, 19)}Z  ${counted(totals.workers, 'worker')}${wants}, ` +
      `${counted(totals.slots, 'slot')}  cpu ${cores.toFixed(1)} cores  memory ${formatByteSize(rss)}`,
    `tasks    ${totals.tasksRunning} running, ${totals.tasksQueued} queued (${Math.round(totals.queuedSlotSeconds)} s ` +
      `of one slot), ${totals.tasksDone} done, ${totals.tasksFailed} failed  ` +
      `jobs ${totals.jobsRunning} running  held ${formatByteSize(totals.heldBytes)}`,
    `storage  ${perSecond(latest?.storageBytes)}, ${Math.round(requests)} requests/s, ` +
      `${counted(failures, 'failure')}  ${spark}`,
    `network  ${perSecond(latest?.networkSent)} out, ${perSecond(latest?.networkReceived)} in`,
    `memory   ${legend.join('  ')}, of the limit`,
  ];
  if (scaling !== undefined) {
    const age = Math.max(0, Math.round((timeMs - (scaling.time?.getTime() ?? timeMs)) / 1000));
    lines.push(`scaling  ${scaling.current} → ${scaling.wanted}, ${age} s ago: ${scaling.reason}`);
  }
  return lines.map((line) => clip(line, columns));
}

function eventLines({ events }: ClusterPicture, room: number, columns: number): string[] {
  const latest = events.slice(-Math.max(1, room - 1)).reverse();
  const lines = latest.map(({ time, message }) => `${time?.toISOString().slice(11, 19) ?? ''}  ${message}`);
  return ['events', ...lines].map((line) => clip(line, columns));
}
