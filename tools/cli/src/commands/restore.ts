import type { Context } from '../context.ts';

/** Shows again what `unpublish` hid. */
export async function restore(context: Context, [reference]: string[]): Promise<void> {
  const client = await context.client();
  const versions = await client.restore(reference, { signal: context.signal });
  context.print({ name: reference, versions }, () =>
    versions.length === 0
      ? `${reference} was not hidden`
      : `${reference} is visible again (version ${versions.join(', ')})`,
  );
}
