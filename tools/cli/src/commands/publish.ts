import { type MergeFlags, mergeOptions } from '../command-line/merge-options.ts';
import type { Context } from '../context.ts';
import { counted } from '../output/counted.ts';
import { withProgress } from '../output/progress.ts';

/** Options of `hyperslab publish`. */
export interface PublishOptions extends MergeFlags {
  requestId?: string;
}

/** Publishes files as the next version of a name. */
export async function publish(
  context: Context,
  [name, ...urls]: string[],
  options: PublishOptions,
): Promise<void> {
  const client = await context.client();
  const { signal } = context;
  const { requestId } = options;
  const published = await withProgress((onProgress) =>
    client.publish(name, urls, { ...mergeOptions(options), signal, onProgress, requestId }),
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
