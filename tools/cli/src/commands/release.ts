import type { Context } from '../context.ts';

/** Gives back the memory of a persisted result. */
export async function release(context: Context, [jobId]: string[]): Promise<void> {
  const client = await context.client();
  await client.persisted(jobId).release({ signal: context.signal });
  context.print({ job: jobId }, () => `released ${jobId}`);
}
