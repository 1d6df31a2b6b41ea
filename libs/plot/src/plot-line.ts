import type { MaskedArray } from '@hyperslab/array';
import { HyperslabError } from '@hyperslab/errors';
import { scaleLinear } from 'd3-scale';
import { numberLabels } from './axis/number-label.ts';
import { placeLabels } from './axis/place-labels.ts';
import { timeTicks } from './axis/time-ticks.ts';
import { plainValues, valueRange } from './plain-values.ts';
import { type ImageFormat, renderDrawing } from './svg/render.ts';
import { svgDocument } from './svg/svg-document.ts';
import { fitText, round, svgText, textWidth } from './svg/svg-text.ts';
import { drawTitle } from './svg/title.ts';

/** What a line shows. */
export interface LineOptions {
  /** One number for each value: of a coordinate, or 0, 1, 2, … */
  x: MaskedArray;
  /** Times of the points in ISO 8601, where x is a time; they label the axis then. */
  times?: readonly string[];
  /** Of one dimension. The line has gaps where values are missing. */
  y: MaskedArray;
  title: string;
  xLabel: string;
  yLabel: string;
  format: ImageFormat;
  /** Pixels; 900 if it is not said. */
  width?: number;
  /** Pixels; 420 if it is not said. */
  height?: number;
}

const margins = { right: 24, top: 44, bottom: 52 };
/** So few points are marked each. */
const markedPoints = 60;
const lineColour = '#31688e';

/**
 * Draws values along one coordinate.
 * @returns the bytes of the file
 * @throws HyperslabError INVALID_ARGUMENT when coordinates do not fit the values; NOT_COMPUTABLE for text
 */
export async function plotLine(options: LineOptions): Promise<Uint8Array> {
  const { times, title, xLabel, yLabel, format, width = 900, height = 420 } = options;
  const [xs, ys] = [plainValues(options.x), plainValues(options.y)];
  const xRange = valueRange(xs);
  if (ys.length === 0 || ys.length !== xs.length || (times && times.length !== ys.length) || !xRange)
    throw new HyperslabError(
      'INVALID_ARGUMENT',
      `plot: ${ys.length} values, ${xs.length} coordinates and ${times?.length ?? 'no'} times do not make a line`,
    );
  const yRange = valueRange(ys);
  const yScale = scaleLinear()
    .domain(widened(yRange ?? [0, 1]))
    .nice(7);
  const yTicks = yScale.ticks(7);
  const yLabels = numberLabels(yTicks);
  const left = 40 + Math.max(...yLabels.map((label) => textWidth(label, 11)));
  const heading = drawTitle(title, left, width - left - 10);
  const top = margins.top + heading.height;
  const bottom = height - margins.bottom;
  yScale.range([bottom, top]);
  const xScale = scaleLinear()
    .domain(widened(xRange))
    .range([left, width - margins.right]);
  const xTicks = times
    ? timeTicks(times, Math.floor((width - left) / 110)).map(({ index, label }) => ({ at: xs[index], label }))
    : numberTicks(xScale.ticks(8));

  const drawing = [
    heading.svg,
    ...yTicks.map(
      (tick, i) =>
        `<path d="M${left} ${round(yScale(tick))}H${width - margins.right}" stroke="#ddd"/>${svgText(left - 7, yScale(tick), yLabels[i], { anchor: 'end', size: 11 })}`,
    ),
    ...xTicks.map(({ at }) => `<path d="M${round(xScale(at))} ${top}V${bottom + 4}" stroke="#ddd"/>`),
    ...placeLabels(
      xTicks.map(({ at, label }) => ({ at: xScale(at), label })).sort((a, b) => a.at - b.at),
      width,
      11,
    ).map(({ at, label }) => svgText(at, bottom + 14, label, { anchor: 'middle', size: 11 })),
    `<path d="M${left} ${top}V${bottom}H${width - margins.right}" fill="none" stroke="#222"/>`,
    svgText((left + width - margins.right) / 2, height - 14, fitText(xLabel, 12, width - left), {
      anchor: 'middle',
    }),
    svgText(16, (top + bottom) / 2, fitText(yLabel, 12, bottom - top), {
      anchor: 'middle',
      rotate: -90,
    }),
    `<path d="${linePath(xs, ys, xScale, yScale)}" fill="none" stroke="${lineColour}" stroke-width="1.6" stroke-linejoin="round" stroke-linecap="round"/>`,
    ...marks(xs, ys, xScale, yScale),
    yRange ? '' : svgText(width / 2, height / 2, 'all values are missing', { anchor: 'middle', size: 14 }),
  ];
  return renderDrawing(svgDocument(width, height, drawing), format);
}

function numberTicks(ticks: number[]): { at: number; label: string }[] {
  const labels = numberLabels(ticks);
  return ticks.map((at, i) => ({ at, label: labels[i] }));
}

/** A single point gets some room on both sides. */
function widened([first, last]: [number, number]): [number, number] {
  if (first < last) return [first, last];
  const distance = Math.abs(first) * 0.01 || 1;
  return [first - distance, last + distance];
}

type Scale = (value: number) => number;

function linePath(xs: Float64Array, ys: Float64Array, xScale: Scale, yScale: Scale): string {
  let path = '';
  let isDown = false;
  for (let i = 0; i < ys.length; i++) {
    const isThere = !Number.isNaN(xs[i]) && !Number.isNaN(ys[i]);
    if (isThere) path += `${isDown ? 'L' : 'M'}${round(xScale(xs[i]))} ${round(yScale(ys[i]))}`;
    isDown = isThere;
  }
  return path;
}

/** Points where there are few, or where one stands alone and no line would show it. */
function marks(xs: Float64Array, ys: Float64Array, xScale: Scale, yScale: Scale): string[] {
  const circles: string[] = [];
  const isThere = (i: number) => !Number.isNaN(xs[i]) && !Number.isNaN(ys[i]);
  for (let i = 0; i < ys.length; i++) {
    const isAlone = (i === 0 || !isThere(i - 1)) && (i === ys.length - 1 || !isThere(i + 1));
    if (!isThere(i) || (ys.length > markedPoints && !isAlone)) continue;
    circles.push(
      `<circle cx="${round(xScale(xs[i]))}" cy="${round(yScale(ys[i]))}" r="2.6" fill="${lineColour}"/>`,
    );
  }
  return circles;
}
