import type { SeriesView } from '../../../src/explore/messages.ts';
import { element } from '../dom.ts';

/** The values of a series in rows, in full precision. */
export function valuesTable({
  label,
  along,
  texts,
  indices,
  values,
  units,
  name,
  x,
}: SeriesView): HTMLElement {
  const rows = values.map((value, i) =>
    element(
      'tr',
      {},
      element('td', {}, texts[i] ?? String(x[i] ?? indices[i])),
      element('td', { class: 'numeric' }, value === null ? 'missing' : String(value)),
    ),
  );
  const head = element(
    'tr',
    {},
    element('th', { scope: 'col' }, label || along),
    element('th', { scope: 'col', class: 'numeric' }, units === '' ? name : `${name} (${units})`),
  );
  return element(
    'div',
    { class: 'scroll' },
    element('table', {}, element('thead', {}, head), element('tbody', {}, ...rows)),
  );
}
