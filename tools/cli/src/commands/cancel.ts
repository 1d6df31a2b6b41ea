import type { Context } from '../context.ts';
import { jsonJob } from '../output/json-job.ts';

/** Stops a job. One that has ended stays as it is. */
export async function cancel(context: Context, [jobId]: string[]): Promise<void> {
  const client = await context.client();
  const job = jsonJob(await client.cancel(jobId, { signal: context.signal }));
  context.print(job, () => `job ${job.id} is ${job.state}`);
}
