import type { Priority } from '@hyperslab/client';
import type { Context } from '../context.ts';
import { openNamed } from '../open-named.ts';
import { withProgress } from '../output/progress.ts';

/** Computes an expression and keeps the result on the workers. */
export async function persist(
  context: Context,
  [reference, expression]: string[],
  { priority }: { priority?: Priority },
): Promise<void> {
  const client = await context.client();
  const { signal } = context;
  const dataset = await openNamed(client, reference, signal);
  const persisted = await dataset.expression(expression).persist({ signal, priority });
  const job = await withProgress((onProgress) => persisted.wait({ signal, onProgress })).catch(
    async (error) => {
      if (signal.aborted) await client.cancel(persisted.jobId).catch(() => {});
      throw error;
    },
  );
  const { dtype = '', units = '', dimensions = [], shape = [] } = job.result ?? {};
  const result = { job: job.jobId, dtype, units, dimensions, shape, bytes: job.resultBytes };
  context.print(
    result,
    () =>
      `persisted as ${job.jobId}; read it with \`hyperslab result ${job.jobId}\`, compute on it as "job:${job.jobId}"`,
  );
}
