import type { DatasetView, ParameterView } from '../../../src/explore/messages.ts';
import { getJson, isAbort } from '../api.ts';
import { element } from '../dom.ts';
import { formatRoute, type Route } from '../route.ts';
import { openDatasetList } from './dataset-list.ts';
import { openParameterPicker } from './parameter-picker.ts';
import { openParameterView } from './parameter-view.ts';

/** The explorer: datasets and parameters at the side, what is chosen of them in the middle. */
export function openExplorer(root: HTMLElement): { show(route: Route): void; close(): void } {
  const side = element('div', { class: 'side' });
  const stage = element('div', { class: 'stage', 'aria-live': 'polite' });
  root.append(element('div', { class: 'explorer' }, side, stage));
  const list = openDatasetList(side);
  const picker = openParameterPicker(side);

  let loading = new AbortController();
  let dataset: DatasetView | undefined;
  let shown: { parameter: ParameterView; view: ReturnType<typeof openParameterView> } | undefined;

  function say(text: string, kind: 'hint' | 'problem' = 'hint'): void {
    shown?.view.close();
    shown = undefined;
    stage.replaceChildren(
      element('p', { class: kind, role: kind === 'problem' ? 'alert' : undefined }, text),
    );
  }

  async function follow(route: Route, signal: AbortSignal): Promise<void> {
    list.choose(route.dataset);
    if (route.dataset === '') {
      dataset = undefined;
      picker.clear();
      return say('Choose a dataset to see its parameters.');
    }
    if (dataset?.reference !== route.dataset) {
      say(`Opening ${route.dataset} …`);
      picker.clear();
      dataset = await getJson<DatasetView>('dataset', { dataset: route.dataset }, signal);
      picker.fill(dataset);
      // A name without version means the latest of now: what is seen is what the address then says.
      if (dataset.reference !== route.dataset) return replace({ ...route, dataset: dataset.reference });
    }
    if (route.parameter === '') {
      const first = dataset.parameters.find(({ notComputable }) => notComputable === '');
      if (first === undefined) return say(`${dataset.reference} has no parameter that can be read.`);
      return replace({ ...route, parameter: first.name });
    }
    picker.choose(route.parameter);
    const isSame = shown?.parameter.dataset === dataset.reference && shown.parameter.name === route.parameter;
    if (!isSame) {
      const query = { dataset: dataset.reference, parameter: route.parameter };
      const parameter = await getJson<ParameterView>('parameter', query, signal);
      shown?.view.close();
      stage.replaceChildren();
      const view = openParameterView(stage, dataset, parameter, (at, along) =>
        replace({ ...route, at, along }),
      );
      shown = { parameter, view };
    }
    shown?.view.show(route.at, route.along);
  }

  /** Says in the address what is shown, without a step for the way back. */
  function replace(route: Route): void {
    history.replaceState(null, '', formatRoute({ ...route, view: 'explore' }));
    show(route);
  }

  function show(route: Route): void {
    loading.abort();
    loading = new AbortController();
    const { signal } = loading;
    follow(route, signal).catch((error) => {
      if (!isAbort(error) && !signal.aborted) say((error as Error).message, 'problem');
    });
  }

  return {
    show,
    close() {
      loading.abort();
      list.close();
      shown?.view.close();
    },
  };
}
