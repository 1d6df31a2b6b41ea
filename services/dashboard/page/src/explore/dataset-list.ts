import type { DatasetLine, DatasetPage } from '../../../src/explore/messages.ts';
import { getJson, isAbort } from '../api.ts';
import { element, panel } from '../dom.ts';
import { counted } from '../format.ts';
import { formatRoute } from '../route.ts';

const typingPauseMs = 200;

/** The list of datasets with its search, a page at a time. */
export function openDatasetList(root: HTMLElement): { choose(reference: string): void; close(): void } {
  const search = element('input', {
    type: 'search',
    placeholder: 'Search names, parameters, attributes',
    'aria-label': 'Search datasets',
  });
  const list = element('ul', { class: 'choices', 'aria-label': 'Datasets' });
  const remark = element('p', { class: 'remark', role: 'status' });
  const more = element('button', { type: 'button', hidden: true }, 'More datasets');
  root.append(panel('Datasets', search, list, more, remark));

  let chosen = '';
  let next = '';
  let loading = new AbortController();
  let pause: ReturnType<typeof setTimeout> | undefined;

  async function load(isMore: boolean): Promise<void> {
    loading.abort();
    loading = new AbortController();
    const { signal } = loading;
    try {
      const query = { query: search.value.trim(), page: isMore ? next : '' };
      const page = await getJson<DatasetPage>('datasets', query, signal);
      if (!isMore) list.replaceChildren();
      list.append(...page.datasets.map(line));
      next = page.next;
      more.hidden = next === '';
      remark.textContent = list.children.length === 0 ? nothing(query.query) : '';
      choose(chosen);
    } catch (error) {
      if (!isAbort(error)) remark.textContent = (error as Error).message;
    }
  }

  function choose(reference: string): void {
    chosen = reference;
    for (const link of list.querySelectorAll('a')) {
      if (link.dataset.reference === reference) link.setAttribute('aria-current', 'true');
      else link.removeAttribute('aria-current');
    }
  }

  search.addEventListener('input', () => {
    clearTimeout(pause);
    pause = setTimeout(() => load(false), typingPauseMs);
  });
  more.addEventListener('click', () => load(true));
  void load(false);
  return {
    choose,
    close() {
      clearTimeout(pause);
      loading.abort();
    },
  };
}

function line({ name, version, title, cubes }: DatasetLine): HTMLElement {
  const reference = `${name}@${version}`;
  return element(
    'li',
    {},
    element(
      'a',
      { href: formatRoute({ dataset: reference }), 'data-reference': reference, title },
      element('span', { class: 'name' }, name),
      element('span', { class: 'detail' }, `version ${version} · ${counted(cubes, 'parameter')}`),
    ),
  );
}

function nothing(query: string): string {
  return query === '' ? 'Nothing is published yet.' : `No dataset has “${query}”.`;
}
