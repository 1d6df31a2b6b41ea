/** Writes what is generated: the TypeScript of the protobuf files, and their descriptors. `npm run check` fails when it differs. */
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const output = process.argv[2] ?? join(root, 'proto/gen');
const buf = join(root, 'node_modules/.bin/buf');

rmSync(output, { recursive: true, force: true });

function run(...args: string[]): void {
  const { status } = spawnSync(buf, args, { cwd: join(root, 'proto'), stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}

run('generate', '--output', join(output, '..'));
// What server reflection answers.
run('build', '--exclude-source-info', '--output', join(output, 'descriptors.binpb'));
