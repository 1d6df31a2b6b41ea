import { cp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { newestFormat } from '@hyperslab/config';
import { startMesh } from '../harness/start-mesh.ts';
import { meshContent } from './mesh-content.ts';

/**
 * Records what today's services write: to be run once for each new format, with the version that introduces it. No data
 * are kept, but all that a mesh knows: catalog, journals, a snapshot, manifests, and what they mean.
 */
const folder = fileURLToPath(new URL(`recorded/format-${newestFormat}`, import.meta.url));
const mesh = await startMesh();
const run = join(mesh.state, 'run');
await mesh.hyperslab(['sample', run, '--size', '1MiB']);
const client = await mesh.client();
for (let version = 1; version <= 2; version++) await client.publish('recorded/run', [`${run}/`]);
await client.aliases('recorded/run').set('operational', 2);
await client.unpublish('recorded/run@1');
await client.publish('recorded/other', [`${run}/`]);
const dataset = await client.open('recorded/run');
const persisted = await dataset.expression('latitude * 2').persist();
await persisted.wait();
const { values } = await persisted.compute();
const released = await dataset.expression('latitude * 3').persist();
await released.wait();
await released.release();
await mesh.hyperslab(['backup', 'now']);
const content = await meshContent(client);
await mesh.down();
await rm(folder, { recursive: true, force: true });
const parts = [
  'catalog',
  'scheduler/journal',
  'backup/journal',
  'backup/manifests',
  'backup/snapshots',
  'objects/manifests',
];
for (const part of parts) await cp(join(mesh.state, part), join(folder, part), { recursive: true });
const expected = { content, persisted: persisted.jobId, values: [...values], released: released.jobId };
await writeFile(join(folder, 'expected.json'), JSON.stringify(expected));
await rm(mesh.state, { recursive: true });
