import type { DatasetView, ParameterView } from '../../../src/explore/messages.ts';
import { element } from '../dom.ts';
import { counted, shortTime, withUnits } from '../format.ts';
import { parseIndices } from '../route.ts';
import { drawDetails } from './details.ts';
import { openPicture } from './picture.ts';
import { openSeries } from './series.ts';
import { makeSliders, textOf } from './sliders.ts';
import { titleOf } from './title.ts';

/** A parameter: its sliders, its picture, the series at a place, and what it was merged from. */
export function openParameterView(
  root: HTMLElement,
  dataset: DatasetView,
  parameter: ParameterView,
  onChange: (at: string, along: string) => void,
): { show(at: string, along: string): void; close(): void } {
  const { grid, dimensions } = parameter;
  const sizes = dimensions.map(({ size }) => size);
  const shownAxes = grid === undefined ? [] : [grid.rows, grid.columns];
  let at: (number | undefined)[] = [];
  let along = 0;

  const where = element('p', { class: 'where' });
  const controls = element('div', { class: 'sliders' });
  const heading = element('h1', {}, titleOf(parameter));
  root.append(element('header', { class: 'stage-head' }, heading, where), controls);
  if (parameter.notComputable !== '') {
    root.append(element('p', { class: 'problem' }, parameter.notComputable));
    drawDetails(root, dataset, parameter);
    return { show: () => {}, close: () => {} };
  }

  const lineAxis = grid === undefined ? sizes.findIndex((size) => size > 1) : -1;
  const sliders = makeSliders(controls, parameter, [...shownAxes, lineAxis], (axis, index) => {
    at[axis] = index;
    change();
  });
  const picture =
    grid &&
    openPicture(root, parameter, (row, column) => {
      at[grid.rows] = row;
      at[grid.columns] = column;
      change();
    });
  const series = openSeries(root, parameter, (axis) => {
    along = axis;
    change();
  });
  drawDetails(root, dataset, parameter);

  function change(): void {
    onChange(at.map((index) => index ?? '-').join(), String(along));
  }

  return {
    show(atText, alongText) {
      at = parseIndices(atText, sizes);
      for (const axis of at.keys()) if (!shownAxes.includes(axis)) at[axis] ??= 0;
      along =
        /^\d+$/.test(alongText) && Number(alongText) < sizes.length
          ? Number(alongText)
          : usualAlong(parameter);
      const filled = at.map((index) => index ?? 0);
      sliders.place(filled);
      const places = dimensions.flatMap((dimension, axis) =>
        shownAxes.includes(axis) || axis === lineAxis
          ? []
          : [`${dimension.label} ${textOf(dimension, filled[axis])}`],
      );
      const scalars = parameter.scalars.map(
        ({ name, text, units }) => `${name} ${withUnits(shortTime(text), units)}`,
      );
      where.textContent = [...places, ...scalars].join(' · ') || counted(sizes.length, 'dimension');
      const chosen = grid && at[grid.rows] !== undefined && at[grid.columns] !== undefined;
      picture?.show(filled, chosen ? [filled[grid.rows], filled[grid.columns]] : undefined, sliders.label);
      series.show(filled, along, grid === undefined || chosen === true);
    },
    close() {
      picture?.close();
      series.close();
    },
  };
}

/** The series runs in time, where there are times; else along the first dimension that has an extent. */
function usualAlong({ dimensions, grid }: ParameterView): number {
  const isWide = (axis: number) => dimensions[axis].size > 1;
  const axes = dimensions.map((_, axis) => axis);
  const others = axes.filter((axis) => isWide(axis) && axis !== grid?.rows && axis !== grid?.columns);
  return others.find((axis) => dimensions[axis].isTime) ?? others[0] ?? axes.find(isWide) ?? 0;
}
