import type { JobView } from '../../../src/cluster/messages.ts';
import { cancelJob } from '../api.ts';
import { element, setText } from '../dom.ts';
import { formatBytes, formatDuration, formatNumber } from '../format.ts';
import type { ClusterPart } from './cluster-view.ts';
import { keyedRows, type Row } from './keyed-rows.ts';

const mostShown = 60;
const headings = ['Job', 'State', 'Progress', 'Time', 'Result', ''];

/** Jobs: those that run first, then the latest that ended. */
export function openJobs(root: HTMLElement): ClusterPart {
  const body = element('tbody');
  const head = element('tr', {}, ...headings.map((text) => element('th', { scope: 'col' }, text)));
  const none = element('p', { class: 'hint' }, 'No job has been submitted lately.');
  const table = element(
    'div',
    { class: 'scroll' },
    element('table', { class: 'jobs' }, element('thead', {}, head), body),
  );
  root.append(none, table);
  let now = 0;
  const fill = keyedRows<JobView>(body, (job) => jobRow(job, () => now));
  return {
    show({ jobs, time }) {
      now = time;
      const sorted = jobs.toSorted(
        (a, b) => Number(a.ended > 0) - Number(b.ended > 0) || b.ended - a.ended || b.submitted - a.submitted,
      );
      none.hidden = jobs.length > 0;
      table.hidden = jobs.length === 0;
      fill(sorted.slice(0, mostShown));
    },
  };
}

function jobRow(first: JobView, now: () => number): Row<JobView> {
  const what = element('span', { class: 'name' });
  const detail = element('span', { class: 'detail' });
  const state = element('td', { class: 'state' });
  const progress = element('progress', { max: 1 });
  const counts = element('span', { class: 'detail numeric' });
  const time = element('td', { class: 'numeric' });
  const result = element('td', { class: 'result' });
  const cancel = element('button', { type: 'button' }, 'Cancel');
  const problem = element('span', { class: 'detail bad' });
  cancel.addEventListener('click', async () => {
    cancel.disabled = true;
    setText(problem, '');
    try {
      await cancelJob(first.id);
    } catch (error) {
      setText(problem, (error as Error).message);
      cancel.disabled = false;
    }
  });
  const root = element(
    'tr',
    { 'data-job': first.id },
    element('td', { class: 'job' }, what, detail, problem),
    state,
    element('td', {}, progress, counts),
    time,
    result,
    element('td', {}, cancel),
  );
  return {
    root,
    update(job) {
      setText(what, job.description || job.kind);
      what.title = job.description;
      setText(
        detail,
        [job.kind, job.caller || 'anonymous', job.id.slice(0, 8), job.error].filter(Boolean).join(' · '),
      );
      setText(state, job.ended === 0 && job.phase !== '' ? job.phase : job.state);
      state.dataset.state = job.state;
      const done = job.tasks > 0 ? job.tasksDone / job.tasks : Number(job.state === 'succeeded');
      progress.value = done;
      progress.setAttribute(
        'aria-label',
        `${Math.round(100 * done)} % of ${first.description || first.kind}`,
      );
      setText(counts, job.tasks > 0 ? `${formatNumber(job.tasksDone)} of ${formatNumber(job.tasks)}` : '');
      setText(time, formatDuration(((job.ended || now()) - job.submitted) / 1000));
      setText(result, job.published || (job.resultBytes > 0 ? formatBytes(job.resultBytes) : ''));
      cancel.hidden = job.ended > 0;
      cancel.setAttribute('aria-label', `Cancel ${job.description || job.kind}`);
    },
  };
}
