import { geoPath } from 'd3-geo';
import { svgText, textWidth } from '../svg/svg-text.ts';
import { type AreaExtent, isAround } from './extent.ts';
import type { FittedMap } from './map-projection.ts';

const distances = [0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 15, 30, 60];
const usualLines = 7;
const labelSize = 11;
const margin = 6;

/** Meridians and parallels at even degrees, and their labels around the map. */
export function gridLines(
  extent: AreaExtent,
  map: FittedMap,
  width: number,
): { lines: string; labels: string } {
  const { projection, height } = map;
  const around = isAround(extent);
  const path = geoPath(projection).digits(2);
  const meridians = evenSteps(extent.west, extent.east).filter(
    (longitude) => !around || longitude < extent.west + 360,
  );
  const parallels = evenSteps(extent.south, extent.north).filter((latitude) => Math.abs(latitude) < 90);
  const lines: string[] = [];
  const bottom: { at: number; y: number; text: string }[] = [];
  const left: { at: number; x: number; text: string }[] = [];

  for (const longitude of meridians) {
    const points = steps(Math.max(-89.9, extent.south), Math.min(89.9, extent.north)).map(
      (latitude): [number, number] => [longitude, latitude],
    );
    lines.push(path({ type: 'LineString', coordinates: points }) ?? '');
    const lowest = extreme(points, 1);
    // Seen from afar all meridians end in one point: names there would say nothing.
    if (lowest && map.name !== 'orthographic')
      bottom.push({ at: lowest[0], y: lowest[1], text: longitudeLabel(longitude) });
  }
  for (const latitude of parallels) {
    const points = steps(extent.west + 0.001, extent.east - 0.001).map((longitude): [number, number] => [
      longitude,
      latitude,
    ]);
    lines.push(path({ type: 'LineString', coordinates: points }) ?? '');
    const leftmost = extreme(points, 0, -1);
    if (leftmost) left.push({ at: leftmost[1], x: leftmost[0], text: latitudeLabel(latitude) });
  }

  const labels = [
    ...apart(bottom, (label) => textWidth(label.text, labelSize) + 6).map(({ at, y, text }) =>
      svgText(at, y + margin + labelSize / 2, text, { anchor: 'middle', size: labelSize }),
    ),
    ...apart(left, () => labelSize + 4).map(({ at, x, text }) =>
      svgText(x - margin, at, text, { anchor: 'end', size: labelSize }),
    ),
  ];
  return {
    lines: `<path d="${lines.join('')}" fill="none" stroke="#000" stroke-opacity="0.28" stroke-width="0.6"/>`,
    labels: labels.join('\n'),
  };

  /** The point that is furthest down (axis 1) or, with sign -1, furthest left, of those on the map. */
  function extreme(points: readonly [number, number][], axis: 0 | 1, sign = 1): [number, number] | undefined {
    let found: [number, number] | undefined;
    for (const point of points) {
      const at = projection(point);
      if (!at || at[0] < -0.5 || at[0] > width + 0.5 || at[1] < -0.5 || at[1] > height + 0.5) continue;
      if (!found || (at[axis] - found[axis]) * sign > 0) found = at;
    }
    return found;
  }
}

/** Multiples of a round distance within a range, about seven. */
function evenSteps(from: number, to: number): number[] {
  const wanted = (to - from) / usualLines;
  const distance = distances.find((each) => each >= wanted * 0.8) ?? 60;
  const first = Math.ceil(from / distance - 1e-9);
  const last = Math.floor(to / distance + 1e-9);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => (first + i) * distance);
}

function steps(from: number, to: number): number[] {
  const count = 180;
  return Array.from({ length: count + 1 }, (_, i) => from + ((to - from) * i) / count);
}

/** Labels in order, without those that would touch the one before. */
function apart<T extends { at: number }>(labels: T[], room: (label: T) => number): T[] {
  let end = Number.NEGATIVE_INFINITY;
  return labels
    .sort((a, b) => a.at - b.at)
    .filter((label) => {
      const half = room(label) / 2;
      if (label.at - half < end) return false;
      end = label.at + half;
      return true;
    });
}

function longitudeLabel(longitude: number): string {
  const degrees = longitude - 360 * Math.round(longitude / 360);
  if (Math.abs(degrees) === 180) return '180°';
  return degreeLabel(degrees, 'E', 'W');
}

function latitudeLabel(latitude: number): string {
  return degreeLabel(latitude, 'N', 'S');
}

function degreeLabel(degrees: number, positive: string, negative: string): string {
  const size = String(Math.abs(Math.round(degrees * 100) / 100));
  return `${size}°${size === '0' ? '' : degrees > 0 ? positive : negative}`;
}
