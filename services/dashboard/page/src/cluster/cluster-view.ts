import { emptyMessage, mergeMessages } from '../../../src/cluster/merge-messages.ts';
import type { ClusterMessage } from '../../../src/cluster/messages.ts';
import { element, oncePerFrame, panel } from '../dom.ts';
import { formatClock } from '../format.ts';
import { openCharts } from './charts.ts';
import { openClusterFeed } from './cluster-stream.ts';
import { openPublished } from './datasets.ts';
import { openEvents } from './events.ts';
import { openJobs } from './jobs.ts';
import { openScaling } from './scaling.ts';
import { openTaskStream } from './task-stream.ts';
import { openTiles } from './tiles.ts';
import { openWorkers } from './workers.ts';

/** A part of the view: shows the state, told of each message that made it. */
export interface ClusterPart {
  show(state: ClusterMessage, news: ClusterMessage): void;
  close?(): void;
}

/** The cluster as it is and was in the last hours. */
export function openClusterView(root: HTMLElement): { show(): void; close(): void } {
  const status = element('p', { class: 'status', role: 'status' }, 'Connecting …');
  const tiles = element('div', { class: 'tiles' });
  const charts = element('div', { class: 'charts' });
  const tasks = panel('Task stream');
  const jobs = panel('Jobs');
  const events = panel('Events');
  const workers = panel('Workers');
  const scaling = panel('Autoscaler');
  const published = panel('Datasets');
  root.append(
    element(
      'div',
      { class: 'cluster' },
      element('header', { class: 'stage-head' }, element('h1', {}, 'Cluster'), status),
      tiles,
      charts,
      tasks,
      element('div', { class: 'columns wide-first' }, jobs, events),
      workers,
      element('div', { class: 'columns' }, scaling, published),
    ),
  );
  const parts: ClusterPart[] = [
    openTiles(tiles),
    openCharts(charts),
    openTaskStream(tasks),
    openJobs(jobs),
    openEvents(events),
    openWorkers(workers),
    openScaling(scaling),
    openPublished(published),
  ];

  let state = emptyMessage(0);
  let news = emptyMessage(0);
  const draw = oncePerFrame(() => {
    const shown = news;
    news = emptyMessage(0);
    status.textContent =
      state.problem ||
      (state.totals ? `As of ${formatClock(state.time)} UTC` : 'Waiting for the scheduler …');
    status.classList.toggle('problem', state.problem !== '');
    for (const part of parts) part.show(state, shown);
  });
  const feed = openClusterFeed(
    (message) => {
      state = mergeMessages(state, message);
      news = mergeMessages(news, message);
      draw();
    },
    (problem) => {
      state = { ...state, problem };
      draw();
    },
  );
  return {
    show: () => {},
    close() {
      feed.close();
      for (const part of parts) part.close?.();
    },
  };
}
