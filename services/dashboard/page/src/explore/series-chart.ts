import uPlot from 'uplot';
import type { SeriesView } from '../../../src/explore/messages.ts';
import { element } from '../dom.ts';
import { formatValue, shortTime, withUnits } from '../format.ts';
import { chartColours } from '../theme.ts';

/** A chart that is drawn. */
export interface SeriesChart {
  close(): void;
}

const height = 230;
/** Room for a label of the x axis, in pixels. */
const labelRoom = 120;

/** Draws a series; where it has times, they are the labels, whatever the calendar. */
export function drawSeries(root: HTMLElement, series: SeriesView): SeriesChart {
  const { x, y, texts } = ascending(series);
  const { accent, axis, gridLine } = chartColours();
  const labelOf = (i: number | null | undefined) => (i == null ? '–' : (texts[i] ?? formatValue(x[i])));
  // Of days and months, midnight says nothing.
  const areDays = texts.every((text) => text.endsWith('T00:00:00Z'));
  const timeOf = (i: number) => (areDays ? (texts[i] ?? '').slice(0, -10) : shortTime(texts[i] ?? ''));
  const [reading, box] = [element('p', { class: 'readout' }, '\u00a0'), element('div')];
  root.append(box, reading);
  const plot = new uPlot(
    {
      width: Math.max(200, box.clientWidth),
      height,
      // Half of the last label stands out on the right.
      padding: [10, labelRoom / 2, 0, 0],
      legend: { show: false },
      cursor: { drag: { x: true, y: false }, points: { size: 7 } },
      scales: { x: { time: false } },
      axes: [
        {
          stroke: axis,
          grid: { stroke: gridLine, width: 1 },
          ticks: { stroke: gridLine, width: 1 },
          label: series.labelUnits ? `${series.label} (${series.labelUnits})` : series.label || series.along,
          size: 32,
          labelSize: 20,
          space: labelRoom,
          ...(series.isTime && {
            splits: (self: uPlot) => pointsBetween(x, self),
            values: (_: uPlot, splits: number[]) => splits.map((at) => timeOf(x.indexOf(at))),
          }),
        },
        {
          stroke: axis,
          grid: { stroke: gridLine, width: 1 },
          ticks: { stroke: gridLine, width: 1 },
          size: 68,
          label: series.units || series.name,
          labelSize: 20,
        },
      ],
      series: [
        {},
        {
          stroke: accent,
          width: 1.6,
          points: { show: x.length <= 60, size: 5, fill: accent },
          spanGaps: false,
        },
      ],
      hooks: {
        setCursor: [
          ({ cursor: { idx } }) => {
            const value = idx == null ? undefined : y[idx];
            const text =
              value === null
                ? 'missing'
                : value === undefined
                  ? ''
                  : withUnits(formatValue(value), series.units);
            reading.textContent =
              value === undefined
                ? '\u00a0'
                : `${series.isTime ? shortTime(labelOf(idx)) : labelOf(idx)}: ${text}`;
          },
        ],
      },
    },
    [x, y],
    box,
  );
  const resized = new ResizeObserver(() => {
    if (box.clientWidth > 0 && box.clientWidth !== plot.width)
      plot.setSize({ width: box.clientWidth, height });
  });
  resized.observe(box);
  return {
    close() {
      resized.disconnect();
      plot.destroy();
    },
  };
}

/** A chart wants its x ascending: coordinates that descend are turned round, those that jump are left for the indices. */
function ascending({ x, indices, values, texts }: SeriesView) {
  const runs = (sign: number) => x.every((value, i) => i === 0 || (value - x[i - 1]) * sign > 0);
  if (runs(1)) return { x, y: values, texts };
  if (runs(-1)) return { x: x.toReversed(), y: values.toReversed(), texts: texts.toReversed() };
  return { x: indices, y: values, texts };
}

/** Points of the data at about even distances, as many as have room for a label. */
function pointsBetween(x: readonly number[], plot: uPlot): number[] {
  const { min = x[0], max = x[x.length - 1] } = plot.scales.x;
  const seen = x.filter((value) => value >= min && value <= max);
  const every = Math.max(
    1,
    Math.ceil((seen.length * labelRoom) / Math.max(1, plot.bbox.width / devicePixelRatio)),
  );
  return seen.filter((_, i) => i % every === 0);
}
