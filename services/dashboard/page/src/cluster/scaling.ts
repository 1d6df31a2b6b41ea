import type { ScalingView } from '../../../src/cluster/messages.ts';
import { element, setText } from '../dom.ts';
import { formatClock } from '../format.ts';
import type { ClusterPart } from './cluster-view.ts';

/** What the autoscaler decided and why. */
export function openScaling(root: HTMLElement): ClusterPart {
  const decision = element('p', { class: 'decision' });
  const reason = element('p', { class: 'where' });
  const list = element('ol', { class: 'log', 'aria-label': 'Decisions of the autoscaler' });
  root.append(decision, reason, list);
  return {
    show({ scaling, events }, news) {
      setText(
        decision,
        scaling === undefined
          ? 'No autoscaler has decided anything: the number of workers is fixed.'
          : decided(scaling),
      );
      setText(reason, scaling?.reason ?? '');
      if (!news.complete && news.events.length === 0) return;
      const scaled = events
        .filter(({ kind }) => kind === 'scaled')
        .slice(-20)
        .toReversed();
      list.replaceChildren(
        ...scaled.map(({ time, message }) =>
          element('li', {}, element('time', {}, formatClock(time)), message),
        ),
      );
    },
  };
}

function decided({ time, current, wanted }: ScalingView): string {
  const change =
    current === wanted
      ? `${current} ${current === 1 ? 'worker is' : 'workers are'} right`
      : `${wanted} workers wanted, ${current} there`;
  return `${change} (${formatClock(time)} UTC)`;
}
