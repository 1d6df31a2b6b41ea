import type { Context } from '../context.ts';
import { jobTable } from '../output/job-table.ts';
import { jsonJob } from '../output/json-job.ts';

/** Lists jobs, newest first. */
export async function jobs(context: Context): Promise<void> {
  const client = await context.client();
  const found = await Array.fromAsync(client.jobs({ signal: context.signal }));
  context.print(found.map(jsonJob), () => jobTable(found));
}
