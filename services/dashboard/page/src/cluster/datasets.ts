import type { DatasetPage } from '../../../src/explore/messages.ts';
import { getJson, isAbort } from '../api.ts';
import { element, setText } from '../dom.ts';
import { counted, shortTime } from '../format.ts';
import { formatRoute } from '../route.ts';
import type { ClusterPart } from './cluster-view.ts';

const shown = '20';

/** Datasets that are published, asked for again when one was. */
export function openPublished(root: HTMLElement): ClusterPart {
  const list = element('ul', { class: 'choices' });
  const remark = element('p', { class: 'remark', role: 'status' });
  root.append(list, remark);
  const closing = new AbortController();

  async function load(): Promise<void> {
    try {
      const { datasets, next } = await getJson<DatasetPage>('datasets', { size: shown }, closing.signal);
      list.replaceChildren(
        ...datasets.map(({ name, version, cubes, published }) =>
          element(
            'li',
            {},
            element(
              'a',
              { href: formatRoute({ dataset: `${name}@${version}` }) },
              element('span', { class: 'name' }, name),
              element(
                'span',
                { class: 'detail' },
                `version ${version} · ${counted(cubes, 'parameter')} · ${shortTime(published.slice(0, 16))}`,
              ),
            ),
          ),
        ),
      );
      setText(
        remark,
        next === ''
          ? datasets.length === 0
            ? 'Nothing is published yet.'
            : ''
          : 'More are listed in the explorer.',
      );
    } catch (error) {
      if (!isAbort(error)) setText(remark, (error as Error).message);
    }
  }

  void load();
  return {
    show(_, news) {
      if (!news.complete && news.events.some(({ kind }) => kind === 'published')) void load();
    },
    close: () => closing.abort(),
  };
}
