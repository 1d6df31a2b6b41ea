import type { Context } from '../context.ts';
import { textTable } from '../output/text-table.ts';

/** Lists the versions of a dataset, newest first, hidden ones too. */
export async function versions(context: Context, [name]: string[]): Promise<void> {
  const client = await context.client();
  const found = await Array.fromAsync(client.versions(name, { signal: context.signal }), (summary) => ({
    version: summary.version,
    title: summary.title,
    cubes: summary.cubes,
    published: summary.published?.toISOString() ?? null,
    publisher: summary.publisher,
    unpublished: summary.unpublished,
  }));
  context.print(found, () => {
    const rows = found.map(({ version, published, publisher, cubes, unpublished, title }) => [
      version,
      published ?? '-',
      publisher || '-',
      cubes,
      unpublished ? 'unpublished' : '',
      title,
    ]);
    return textTable(['version', 'published', 'by', 'cubes', '', 'title'], rows);
  });
}
