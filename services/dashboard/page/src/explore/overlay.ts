import { gridLines, isFramed } from '@hyperslab/plot/drawing';
import { geoPath } from 'd3-geo';
import type { Coastlines } from './coastlines.ts';
import type { Plane } from './plane.ts';

const namespace = 'http://www.w3.org/2000/svg';

/** Room around the map for the labels of its grid lines. */
export const overlayMargin = { left: 44, right: 12, top: 6, bottom: 22 };

/** Lines over a picture: coasts, meridians and parallels with their labels, or the frame of a picture of indices. */
export function drawOverlay(svg: SVGSVGElement, plane: Plane, coast: Coastlines | undefined): void {
  const { width, height, map } = plane;
  const { left, right, top, bottom } = overlayMargin;
  svg.setAttribute('viewBox', `${-left} ${-top} ${width + left + right} ${height + top + bottom}`);
  svg.replaceChildren();
  if (map === undefined) {
    svg.append(outline(width, height));
    return;
  }
  const path = geoPath(map.projection).digits(2);
  const { lines, labels } = gridLines(map.extent, map, width);
  // Our own drawing as text: numbers and degrees, nothing that came from a file.
  svg.innerHTML = `<g class="grid-lines">${lines}</g><g class="grid-labels">${labels}</g>`;
  if (coast !== undefined) {
    const shape = path(coast) ?? '';
    svg.append(line(shape, 'coast-halo'), line(shape, 'coast'));
  }
  svg.append(line(path({ type: 'Sphere' }) ?? '', 'outline'));
  if (isFramed(map.name)) svg.append(outline(width, height));
}

/** A mark at a place of the picture. */
export function markAt([x, y]: [number, number]): SVGElement {
  const mark = document.createElementNS(namespace, 'g');
  mark.setAttribute('class', 'mark');
  for (const radius of [7, 2]) {
    const circle = document.createElementNS(namespace, 'circle');
    circle.setAttribute('cx', String(x));
    circle.setAttribute('cy', String(y));
    circle.setAttribute('r', String(radius));
    mark.append(circle);
  }
  return mark;
}

function line(shape: string, name: string): SVGElement {
  const made = document.createElementNS(namespace, 'path');
  made.setAttribute('d', shape);
  made.setAttribute('class', name);
  return made;
}

function outline(width: number, height: number): SVGElement {
  return line(`M0 0H${width}V${height}H0Z`, 'outline');
}
