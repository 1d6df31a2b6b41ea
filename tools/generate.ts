/** Writes what is generated: the TypeScript of the protobuf files. `npm run check` fails when it differs. */
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const output = process.argv[2] ?? join(root, 'proto/gen');
const buf = join(root, 'node_modules/.bin/buf');

rmSync(output, { recursive: true, force: true });
const result = spawnSync(buf, ['generate', '--output', join(output, '..')], {
  cwd: join(root, 'proto'),
  stdio: 'inherit',
});
process.exit(result.status ?? 1);
