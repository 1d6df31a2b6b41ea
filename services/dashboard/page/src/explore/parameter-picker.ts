import type { DatasetView, ParameterLine } from '../../../src/explore/messages.ts';
import { element, panel } from '../dom.ts';
import { formatRoute } from '../route.ts';
import { titleOf } from './title.ts';

/** So many are seen at a glance; more get a filter. */
const fewParameters = 12;

/** The parameters of the dataset that is open. */
export function openParameterPicker(root: HTMLElement) {
  const filter = element('input', {
    type: 'search',
    placeholder: 'Filter parameters',
    'aria-label': 'Filter parameters',
  });
  const list = element('ul', { class: 'choices', 'aria-label': 'Parameters' });
  const section = panel('Parameters', filter, list);
  section.hidden = true;
  root.append(section);

  filter.addEventListener('input', () => {
    const words = filter.value.toLowerCase().split(/\s+/).filter(Boolean);
    for (const item of list.children as HTMLCollectionOf<HTMLElement>)
      item.hidden = !words.every((word) => (item.dataset.text ?? '').includes(word));
  });

  return {
    fill(dataset: DatasetView): void {
      filter.value = '';
      filter.hidden = dataset.parameters.length <= fewParameters;
      list.replaceChildren(...dataset.parameters.map((parameter) => line(dataset.reference, parameter)));
      section.hidden = false;
    },
    choose(name: string): void {
      for (const link of list.querySelectorAll('a')) {
        if (link.dataset.name === name) link.setAttribute('aria-current', 'true');
        else link.removeAttribute('aria-current');
      }
    },
    clear(): void {
      section.hidden = true;
      list.replaceChildren();
    },
  };
}

function line(dataset: string, parameter: ParameterLine): HTMLElement {
  const { name, standardName, longName, units, sizes, notComputable } = parameter;
  const dimensions = sizes.map(({ dimension, size }) => `${dimension}: ${size}`).join('; ');
  const shape = sizes.map(({ size }) => size).join(' × ');
  return element(
    'li',
    { 'data-text': `${name} ${standardName} ${longName}`.toLowerCase() },
    element(
      'a',
      {
        href: formatRoute({ dataset, parameter: name }),
        'data-name': name,
        title: notComputable || `${name} (${dimensions || 'a single value'})`,
      },
      element('span', { class: 'name' }, titleOf(parameter)),
      element(
        'span',
        { class: 'detail' },
        [name, units && units !== '1' ? units : '', shape].filter(Boolean).join(' · '),
      ),
    ),
  );
}
