import { type ColourScale, colourScale, paintPixels } from '@hyperslab/plot/drawing';
import type { GridHead, ParameterView, SliceHead } from '../../../src/explore/messages.ts';
import { type Frame, getFrame, isAbort } from '../api.ts';
import { element, oncePerFrame } from '../dom.ts';
import { counted } from '../format.ts';
import { coastlines } from './coastlines.ts';
import { Latest } from './latest.ts';
import { drawLegend } from './legend.ts';
import { drawOverlay, markAt, overlayMargin } from './overlay.ts';
import { findCells, type GridCells, indexPlane, mapPlane, type Plane } from './plane.ts';
import { type Cell, moveCell, readOut } from './readout.ts';

/** The figure's own, left and right. */
const figurePadding = 32;

type Label = (places: SliceHead['places']) => void;

/** The picture of a slice: cells in their colours, coasts and grid lines over them, the legend below. */
export function openPicture(
  root: HTMLElement,
  parameter: ParameterView,
  onChoose: (row: number, column: number) => void,
) {
  const canvas = element('canvas', { class: 'cells' });
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  svg.setAttribute('class', 'overlay');
  svg.setAttribute('aria-hidden', 'true');
  const frame = element(
    'div',
    {
      class: 'picture',
      tabindex: 0,
      role: 'img',
      'aria-label': 'Picture of the slice. Arrow keys move the place, Enter shows the series there.',
    },
    canvas,
    svg,
  );
  const readout = element('p', { class: 'readout', 'aria-live': 'polite' }, '\u00a0');
  const legend = element('div', { class: 'legend' });
  const hold = element('input', { type: 'checkbox', id: 'hold-scale' });
  const holdLabel = element(
    'label',
    { for: 'hold-scale', class: 'hold' },
    hold,
    'Keep these colours while I move',
  );
  const remark = element('p', { class: 'remark' });
  const problem = element('p', { class: 'problem', role: 'alert', hidden: true });
  root.append(
    element(
      'figure',
      { class: 'panel' },
      frame,
      readout,
      legend,
      element('div', { class: 'below' }, remark, holdLabel),
      problem,
    ),
  );

  let grid: Frame<GridHead> | undefined;
  let cells: GridCells | undefined;
  let plane: Plane | undefined;
  let room = 0;
  let slice: Frame<SliceHead> | undefined;
  let scale: ColourScale | undefined;
  let chosen: [row: number, column: number] | undefined;
  let pointed: Cell | undefined;

  const fetcher = new Latest<{ at: readonly number[]; label: Label }>(async ({ at, label }, signal) => {
    const query = { dataset: parameter.dataset, parameter: parameter.name };
    frame.setAttribute('aria-busy', 'true');
    try {
      if (grid === undefined) {
        grid = await getFrame<GridHead>('grid', query, signal);
        cells = findCells(grid);
      }
      slice = await getFrame<SliceHead>('slice', { ...query, at: at.join() }, signal);
      problem.hidden = true;
      label(slice.head.places);
      draw();
    } catch (error) {
      if (isAbort(error)) return;
      problem.textContent = (error as Error).message;
      problem.hidden = false;
    } finally {
      frame.removeAttribute('aria-busy');
    }
  });

  /** The plane for the room that there is; made again only when that changes. */
  function layOut(): Plane | undefined {
    const { left, right, top, bottom } = overlayMargin;
    const width = Math.floor((frame.parentElement?.clientWidth ?? 0) - figurePadding - left - right);
    if (grid === undefined || width < 50) return undefined;
    if (plane !== undefined && room === width) return plane;
    room = width;
    const { rows, columns } = grid.head;
    plane = cells ? mapPlane(cells, width) : indexPlane(rows, columns, width, isUpwards(parameter));
    canvas.width = plane.pixels.columns;
    canvas.height = plane.pixels.rows;
    frame.style.width = `${plane.width + left + right}px`;
    frame.style.height = `${plane.height + top + bottom}px`;
    canvas.style.width = `${plane.width}px`;
    canvas.style.height = `${plane.height}px`;
    drawOverlay(svg, plane, undefined);
    const { map } = plane;
    if (map !== undefined) {
      const current = plane;
      coastlines(map.extent).then(
        (coast) => {
          if (plane !== current) return;
          drawOverlay(svg, plane, coast);
          drawMark();
        },
        // A map without coasts is one all the same.
        () => {},
      );
    }
    return plane;
  }

  function draw(): void {
    const laid = layOut();
    if (laid === undefined || slice === undefined) return;
    const { head, bits } = slice;
    const values = new Float32Array(bits.buffer, bits.byteOffset, bits.length);
    if (!hold.checked || scale === undefined) scale = head.range && colourScale(...head.range);
    const pixels = paintPixels(laid.pixels, values, scale ?? colourScale(0, 1));
    const context = canvas.getContext('2d') as CanvasRenderingContext2D;
    context.putImageData(new ImageData(pixels, laid.pixels.columns, laid.pixels.rows), 0, 0);
    drawLegend(legend, scale, parameter.units, withoutText(head));
    remark.textContent = remarkOf(parameter, grid, head);
    canvas.dataset.drawn = head.places.map(({ text }) => text).join(' ');
    drawMark();
    tell();
  }

  function drawMark(): void {
    svg.querySelector('.mark')?.remove();
    if (chosen === undefined || plane === undefined || slice === undefined) return;
    const { step, columns } = slice.head;
    const middle = plane.middleOf(Math.floor(chosen[0] / step) * columns + Math.floor(chosen[1] / step));
    if (middle !== undefined) svg.append(markAt(middle));
  }

  function tell(): void {
    if (slice === undefined || pointed === undefined) return;
    readout.textContent = readOut(slice, pointed, parameter, cells);
  }

  function cellAt(event: MouseEvent): Cell | undefined {
    if (plane === undefined || slice === undefined) return undefined;
    const box = canvas.getBoundingClientRect();
    const [x, y] = [Math.floor(event.clientX - box.left), Math.floor(event.clientY - box.top)];
    const { columns, rows, cells: numbers } = plane.pixels;
    if (x < 0 || y < 0 || x >= columns || y >= rows) return undefined;
    const cell = numbers[y * columns + x];
    return cell < 0
      ? undefined
      : { row: Math.floor(cell / slice.head.columns), column: cell % slice.head.columns };
  }

  function choose({ row, column }: Cell): void {
    const step = slice?.head.step ?? 1;
    onChoose(row * step, column * step);
  }

  frame.addEventListener('pointermove', (event) => {
    pointed = cellAt(event) ?? pointed;
    tell();
  });
  frame.addEventListener('click', (event) => {
    const cell = cellAt(event);
    if (cell !== undefined) choose(cell);
  });
  frame.addEventListener('keydown', (event) => {
    if (slice === undefined || plane === undefined) return;
    const start = pointed ?? { row: slice.head.rows >> 1, column: slice.head.columns >> 1 };
    if (event.key === 'Enter' || event.key === ' ') choose(start);
    else {
      const moved = moveCell(start, event.key, slice.head, plane);
      if (moved === undefined) return;
      pointed = moved;
      tell();
    }
    event.preventDefault();
  });
  hold.addEventListener('change', draw);
  const resized = new ResizeObserver(oncePerFrame(draw));
  resized.observe(frame.parentElement as HTMLElement);

  return {
    show(at: readonly number[], place: [row: number, column: number] | undefined, label: Label): void {
      chosen = place;
      if (place && slice && pointed === undefined)
        pointed = {
          row: Math.floor(place[0] / slice.head.step),
          column: Math.floor(place[1] / slice.head.step),
        };
      drawMark();
      fetcher.ask({ at, label });
    },
    close(): void {
      fetcher.close();
      resized.disconnect();
    },
  };
}

/** Whether the first row belongs at the bottom: where rows run along an axis that goes up. */
function isUpwards({ dimensions, grid }: ParameterView): boolean {
  const { axis, texts } = dimensions[grid?.rows ?? 0];
  return axis === 'Y' && !(Number(texts[0]) > Number(texts.at(-1)));
}

function withoutText({ missing, nan, range }: SliceHead): string {
  if (range === undefined) return 'all values are missing';
  const parts = [
    missing > 0 && `${counted(missing, 'value')} missing`,
    nan > 0 && `${counted(nan, 'value')} NaN`,
  ];
  return parts.filter(Boolean).join(', ');
}

function remarkOf(parameter: ParameterView, grid: Frame<GridHead> | undefined, { step }: SliceHead): string {
  const { dimensions, grid: axes } = parameter;
  const isIndex = grid?.head.kind === 'index';
  const names = [axes?.rows ?? 0, axes?.columns ?? 1].map((axis) => dimensions[axis]);
  const space = `Index space, for want of latitudes and longitudes: ${names[0].name} ${isUpwards(parameter) ? 'up' : 'down'}, ${names[1].name} across.`;
  const thinned = `Every ${ordinal(step)} row and column of ${names[0].size} × ${names[1].size} is shown.`;
  return [isIndex ? space : '', step > 1 ? thinned : ''].filter(Boolean).join(' ');
}

function ordinal(count: number): string {
  const ending =
    count % 100 >= 11 && count % 100 <= 13 ? 'th' : (['th', 'st', 'nd', 'rd'][count % 10] ?? 'th');
  return `${count}${ending}`;
}
