import type { Context } from '../context.ts';
import { jsonJob } from '../output/json-job.ts';
import { textTable } from '../output/text-table.ts';

/** Lists jobs, newest first. */
export async function jobs(context: Context): Promise<void> {
  const client = await context.client();
  const found = await Array.fromAsync(client.jobs({ signal: context.signal }), jsonJob);
  context.print(found, () => {
    const rows = found.map((job) => [
      job.id,
      job.kind,
      job.state,
      `${job.tasks_done}/${job.tasks}`,
      job.submitted ?? '-',
      job.error?.message ?? job.description,
    ]);
    return textTable(['id', 'kind', 'state', 'tasks', 'submitted', 'what'], rows);
  });
}
