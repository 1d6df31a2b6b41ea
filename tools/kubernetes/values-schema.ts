/**
 * Writes the settings into charts/hyperslab/values.schema.json; the rest of the file is written by hand.
 *
 *   node tools/kubernetes/values-schema.ts [--check]
 *
 * --check writes nothing and fails when the file differs.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { configSchema } from './chart-settings.ts';

const root = join(import.meta.dirname, '../..');
const path = join(root, 'charts/hyperslab/values.schema.json');
const schema = JSON.parse(readFileSync(path, 'utf8'));
const expected = configSchema();

if (!process.argv.includes('--check')) {
  schema.properties.config = expected;
  writeFileSync(path, JSON.stringify(schema));
  spawnSync(join(root, 'node_modules/.bin/biome'), ['format', '--write', path], { stdio: 'inherit' });
} else if (!isDeepStrictEqual(schema.properties.config, expected)) {
  console.error('charts/hyperslab/values.schema.json is not what "npm run generate" writes');
  process.exitCode = 1;
}
