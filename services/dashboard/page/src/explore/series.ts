import type { ParameterView, SeriesView } from '../../../src/explore/messages.ts';
import { getJson, isAbort } from '../api.ts';
import { element } from '../dom.ts';
import { formatValue, withUnits } from '../format.ts';
import { drawSeries, type SeriesChart } from './series-chart.ts';
import { textOf } from './sliders.ts';
import { valuesTable } from './values-table.ts';

/** The values along one dimension at a chosen place; of a parameter without dimensions, its value. */
export function openSeries(root: HTMLElement, parameter: ParameterView, onAlong: (axis: number) => void) {
  const { dimensions, grid, units } = parameter;
  const choice = element('select', { id: 'along', 'aria-label': 'Along which dimension' });
  for (const [axis, { label, size }] of dimensions.entries())
    if (size > 1) choice.append(element('option', { value: axis }, label));
  const heading = element('h2', {}, 'Series');
  const hint = element('p', { class: 'hint' }, 'Click the picture for the values at that place.');
  const place = element('p', { class: 'where' });
  const body = element('div', { class: 'series' });
  const table = element('details', { class: 'values' }, element('summary', {}, 'Values'));
  const problem = element('p', { class: 'problem', role: 'alert', hidden: true });
  const along = element('label', { class: 'along', hidden: choice.options.length < 2 }, 'along ', choice);
  root.append(
    element(
      'section',
      { class: 'panel' },
      element('div', { class: 'panel-head' }, heading, along),
      hint,
      place,
      problem,
      body,
      table,
    ),
  );

  let loading = new AbortController();
  let chart: SeriesChart | undefined;
  let asked = '';

  async function load(at: readonly number[], axis: number, signal: AbortSignal): Promise<void> {
    body.setAttribute('aria-busy', 'true');
    try {
      const query = {
        dataset: parameter.dataset,
        parameter: parameter.name,
        at: at.join(),
        along: String(axis),
      };
      const series = await getJson<SeriesView>('series', query, signal);
      problem.hidden = true;
      show(series);
      place.textContent = placeText(at, axis);
    } catch (error) {
      if (isAbort(error)) return;
      asked = '';
      problem.textContent = (error as Error).message;
      problem.hidden = false;
    } finally {
      if (!signal.aborted) body.removeAttribute('aria-busy');
    }
  }

  function show(series: SeriesView): void {
    chart?.close();
    chart = undefined;
    if (series.values.length < 2) {
      const [value] = series.values;
      const text = value === null ? missingText(series) : withUnits(formatValue(value), units);
      body.replaceChildren(element('p', { class: 'number' }, text));
      table.hidden = true;
      return;
    }
    body.replaceChildren();
    chart = drawSeries(body, series);
    table.hidden = false;
    table.replaceChildren(element('summary', {}, `Values (${series.values.length})`));
    if (table.open) table.append(valuesTable(series));
    table.ontoggle = () => {
      if (table.open && table.querySelector('table') === null) table.append(valuesTable(series));
    };
  }

  function placeText(at: readonly number[], axis: number): string {
    const others = dimensions.flatMap((dimension, i) =>
      i === axis || dimension.size < 2 ? [] : [`${dimension.label} ${textOf(dimension, at[i])}`],
    );
    return others.length === 0 ? '' : `at ${others.join(', ')}`;
  }

  choice.addEventListener('change', () => onAlong(Number(choice.value)));
  table.hidden = true;
  return {
    show(at: readonly number[], axis: number, isChosen: boolean): void {
      choice.value = String(axis);
      hint.hidden = isChosen || grid === undefined;
      if (!isChosen) return;
      // Along its own dimension the series is the same, wherever the slider stands.
      const key = at.map((index, i) => (i === axis ? '*' : index)).join();
      if (key === asked) return;
      asked = key;
      loading.abort();
      loading = new AbortController();
      void load(at, axis, loading.signal);
    },
    close(): void {
      loading.abort();
      chart?.close();
    },
  };
}

function missingText({ nan }: SeriesView): string {
  return nan > 0 ? 'NaN' : 'missing';
}
