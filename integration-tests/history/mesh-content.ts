import type { Client } from '@hyperslab/client';
import { Dataset } from '@hyperslab/proto/cube';

/** All that a mesh says of its datasets, as JSON that does not depend on when it is asked. */
export async function meshContent(client: Client): Promise<Record<string, unknown>> {
  const content: Record<string, unknown> = {};
  for await (const { name } of client.list()) {
    content[`${name} aliases`] = await client.aliases(name).list();
    for await (const { version, unpublished } of client.versions(name)) {
      const reference = `${name}@${version}`;
      content[reference] = unpublished
        ? 'unpublished'
        : Dataset.toJSON((await client.open(reference)).metadata);
    }
  }
  return JSON.parse(JSON.stringify(content));
}
