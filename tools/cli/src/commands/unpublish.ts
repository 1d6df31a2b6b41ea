import type { Context } from '../context.ts';

/** Hides a dataset or one version of it. */
export async function unpublish(context: Context, [reference]: string[]): Promise<void> {
  const client = await context.client();
  const versions = await client.unpublish(reference, { signal: context.signal });
  context.print({ name: reference, versions }, () =>
    versions.length === 0
      ? `${reference} was hidden already`
      : `hid ${reference} (version ${versions.join(', ')}); \`hyperslab restore ${reference}\` shows it again`,
  );
}
