import type { Priority } from '@hyperslab/client';
import { type MergeFlags, mergeOptions } from '../command-line/merge-options.ts';
import { type Context, usageError } from '../context.ts';
import { counted } from '../output/counted.ts';
import { withProgress } from '../output/progress.ts';

/** Options of `hyperslab publish`. */
export interface PublishOptions extends MergeFlags {
  requestId?: string;
  priority?: Priority;
  unlessSame?: boolean;
  fresh?: boolean;
  follow?: boolean;
  /** Milliseconds. */
  every?: number;
  /** Milliseconds. */
  settle?: number;
}

/** Publishes files as the next version of a name; with `--follow` again and again. */
export async function publish(
  context: Context,
  [name, ...urls]: string[],
  options: PublishOptions,
): Promise<void> {
  const { requestId, unlessSame, fresh, follow, every, settle, priority } = options;
  const merge = mergeOptions(options);
  if (follow) {
    if (requestId !== undefined)
      throw usageError('--request-id names one request, and --follow makes many; leave one of them out');
    if (fresh) throw usageError('--fresh is for one publish; publish with it once, then follow');
    const { followFiles } = await import('./follow-files.ts');
    return followFiles(context, name, urls, { ...merge, everyMs: every, settleMs: settle, priority });
  }
  if (every !== undefined || settle !== undefined)
    throw usageError('--every and --settle say how --follow follows; add --follow, or leave them out');
  const client = await context.client();
  const { signal } = context;
  const published = await withProgress((onProgress) =>
    client.publish(name, urls, { ...merge, signal, onProgress, priority, requestId, unlessSame, fresh }),
  );
  context.print(published, () => publishedText(published));
}

/** What was published, for a person. */
export function publishedText({
  name,
  version,
  cubes,
}: {
  name: string;
  version: number;
  cubes: number;
}): string {
  return `published ${name}@${version} with ${counted(cubes, 'cube')}`;
}
