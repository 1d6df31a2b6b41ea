import { join } from 'node:path';
import { connect } from '@hyperslab/client';
import { asHyperslabError } from '@hyperslab/errors';
import type { Context } from '../context.ts';
import { writeSample } from '../sample/index.ts';

/** Name under which the sample is published. */
const sampleName = 'sample/run';
const sampleBytes = 8 * 1024 * 1024;

/** Publishes a small model run when nothing is published yet. A mesh without it is still a mesh: failing is only remarked. */
export async function publishSample(state: string, context: Context): Promise<void> {
  const { signal } = context;
  try {
    const client = await connect({ state });
    try {
      for await (const _ of client.list({ signal })) return;
      const directory = join(state, 'sample');
      await writeSample(directory, { size: sampleBytes, seed: 1, signal });
      await client.publish(sampleName, [join(directory, '*.nc')], { signal });
    } finally {
      client.close();
    }
  } catch (thrown) {
    signal.throwIfAborted();
    context.remark(`the sample could not be published: ${asHyperslabError(thrown).message}`);
  }
}
