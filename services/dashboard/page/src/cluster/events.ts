import type { EventView } from '../../../src/cluster/messages.ts';
import { element } from '../dom.ts';
import { formatClock } from '../format.ts';
import type { ClusterPart } from './cluster-view.ts';

const mostShown = 80;

/** What happened, the latest first. */
export function openEvents(root: HTMLElement): ClusterPart {
  const list = element('ol', { class: 'log', tabindex: 0, 'aria-label': 'Events' });
  const none = element('p', { class: 'hint' }, 'Nothing has happened yet.');
  root.append(none, list);
  return {
    show({ events }, news) {
      none.hidden = events.length > 0;
      if (!news.complete && news.events.length === 0) return;
      list.replaceChildren(...events.slice(-mostShown).toReversed().map(line));
    },
  };
}

function line({ time, kind, message }: EventView): HTMLElement {
  return element('li', { 'data-kind': kind }, element('time', {}, formatClock(time)), message);
}
