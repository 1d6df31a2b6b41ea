import uPlot from 'uplot';
import type { ClusterMessage, PointView } from '../../../src/cluster/messages.ts';
import { element } from '../dom.ts';
import { formatBytes, formatDuration, formatNumber } from '../format.ts';
import { chartColours } from '../theme.ts';
import type { ClusterPart } from './cluster-view.ts';

type Pick = (point: PointView) => number;

interface Chart {
  title: string;
  /** Lines; of a stacked chart from bottom to top. */
  lines: [name: string, value: Pick][];
  isStacked?: boolean;
  format: (value: number) => string;
  /** Bytes have round numbers of their own. */
  isBytes?: boolean;
}

const other: Pick = ({ rss, heap, blocks, cache, buffers }) =>
  Math.max(0, rss - heap - blocks - cache - buffers);
const rate = (value: number) => `${formatBytes(value)}/s`;

const charts: Chart[] = [
  {
    title: 'Tasks',
    lines: [
      ['running', (point) => point.tasksRunning],
      ['slots', (point) => point.slots],
      ['queued', (point) => point.tasksQueued],
    ],
    format: formatNumber,
  },
  { title: 'Processors busy', lines: [['cores', (point) => point.cpu]], format: formatNumber },
  {
    title: 'Memory by kind',
    isStacked: true,
    lines: [
      ['blocks', (point) => point.blocks],
      ['cache', (point) => point.cache],
      ['buffers', (point) => point.buffers],
      ['objects', (point) => point.heap],
      ['other', other],
    ],
    format: formatBytes,
    isBytes: true,
  },
  {
    title: 'Storage reads',
    lines: [['read', (point) => point.storageBytes]],
    format: rate,
    isBytes: true,
  },
  {
    title: 'Time of a read',
    lines: [['mean', (point) => point.storageSeconds]],
    format: formatDuration,
  },
  {
    title: 'Network',
    lines: [
      ['sent', (point) => point.sent],
      ['received from workers', (point) => point.received],
    ],
    format: rate,
    isBytes: true,
  },
  {
    title: 'Workers',
    lines: [
      ['connected', (point) => point.workers],
      ['wanted', (point) => point.wantedWorkers],
    ],
    format: formatNumber,
  },
  { title: 'Queue', lines: [['slot time', (point) => point.queuedSlotSeconds]], format: formatDuration },
];

const height = 130;
const powersOfTwo = Array.from({ length: 60 }, (_, i) => 2 ** i);
/** A gap in the past is drawn as one: the scheduler was not there. */
const gapFactor = 2.5;

/** The last hours: small charts with one cursor. */
export function openCharts(root: HTMLElement): ClusterPart {
  const drawn = charts.map((chart) => drawChart(root, chart));
  let isFilled = false;
  return {
    show(state, news) {
      if (isFilled && news.points.length === 0 && !news.complete) return;
      isFilled = state.points.length > 0;
      const points = withGaps(state);
      for (const chart of drawn) chart.fill(points);
    },
    close() {
      for (const chart of drawn) chart.close();
    },
  };
}

function drawChart(root: HTMLElement, { title, lines, isStacked, format, isBytes }: Chart) {
  const { axis, gridLine, series } = chartColours();
  const readings = lines.map(() => element('b', {}));
  const keys = lines.map(([name], i) => {
    const swatch = element('i', { 'aria-hidden': true });
    swatch.style.background = series[i];
    return element('span', { class: 'key' }, swatch, name, ' ', readings[i]);
  });
  const box = element('div', { class: 'plot' });
  root.append(
    element(
      'figure',
      { class: 'chart' },
      element('figcaption', {}, element('span', { class: 'title' }, title), ...keys),
      box,
    ),
  );
  let points: (PointView | undefined)[] = [];
  const read = (index: number | null | undefined) => {
    const point = points[index ?? points.length - 1];
    for (const [i, [, value]] of lines.entries()) readings[i].textContent = point ? format(value(point)) : '';
  };
  const order = lines.map((_, i) => i);
  // Of a stack, the whole is drawn first and what is below it over that.
  if (isStacked) order.reverse();
  const plot = new uPlot(
    {
      width: Math.max(120, box.clientWidth || 300),
      height,
      padding: [8, 24, 0, 0],
      legend: { show: false },
      cursor: { sync: { key: 'cluster' }, y: false, points: { show: false }, drag: { x: false, y: false } },
      scales: { x: { time: true }, y: { range: (_, __, max) => [0, max > 0 ? max * 1.08 : 1] } },
      axes: [
        {
          stroke: axis,
          grid: { show: false },
          ticks: { show: false },
          size: 24,
          space: 60,
          values: clockLabels,
        },
        {
          stroke: axis,
          grid: { stroke: gridLine, width: 1 },
          ticks: { show: false },
          size: 66,
          space: 36,
          ...(isBytes && { incrs: powersOfTwo }),
          values: (_, splits) => splits.map(format),
        },
      ],
      series: [
        {},
        ...order.map((i) => ({
          stroke: series[i],
          width: 1.4,
          fill: isStacked ? series[i] : lines.length === 1 ? `${series[i]}33` : undefined,
          points: { show: false },
        })),
      ],
      hooks: { setCursor: [({ cursor: { idx } }) => read(idx)] },
    },
    [[], ...lines.map(() => [])],
    box,
  );
  const resized = new ResizeObserver(() => {
    if (box.clientWidth > 0 && box.clientWidth !== plot.width)
      plot.setSize({ width: box.clientWidth, height });
  });
  resized.observe(box);
  return {
    fill({ times, values }: GappedPoints): void {
      points = values;
      const columns = order.map((i) =>
        values.map((point) => {
          if (point === undefined) return null;
          const stack = isStacked ? lines.slice(0, i + 1) : [lines[i]];
          return stack.reduce((sum, [, value]) => sum + value(point), 0);
        }),
      );
      plot.setData([times, ...columns]);
      read(plot.cursor.idx);
    },
    close(): void {
      resized.disconnect();
      plot.destroy();
    },
  };
}

interface GappedPoints {
  /** Seconds since 1970. */
  times: number[];
  values: (PointView | undefined)[];
}

function withGaps({ points, resolution }: ClusterMessage): GappedPoints {
  const gapped: GappedPoints = { times: [], values: [] };
  for (const [i, point] of points.entries()) {
    const time = point.time / 1000;
    if (i > 0 && time - points[i - 1].time / 1000 > gapFactor * resolution) {
      gapped.times.push(time - resolution);
      gapped.values.push(undefined);
    }
    gapped.times.push(time);
    gapped.values.push(point);
  }
  return gapped;
}

/** Times of day, UTC, with seconds where they are less than a minute apart. */
function clockLabels(_: uPlot, splits: number[]): string[] {
  const end = splits.length > 1 && splits[1] - splits[0] < 60 ? 19 : 16;
  return splits.map((seconds) => new Date(seconds * 1000).toISOString().slice(11, end));
}
