import type { Context } from '../context.ts';
import { checkOut } from '../output/check-out.ts';
import { withProgress } from '../output/progress.ts';
import { outputFormat } from '../output/write-array.ts';
import { printArray } from './compute.ts';

/** Reads a persisted result. */
export async function result(context: Context, [jobId]: string[], { out }: { out?: string }): Promise<void> {
  if (out !== undefined) {
    outputFormat(out);
    await checkOut(out);
  }
  const client = await context.client();
  const { signal } = context;
  const array = await withProgress((onProgress) => client.persisted(jobId).compute({ signal, onProgress }));
  await printArray(context, out, array);
}
