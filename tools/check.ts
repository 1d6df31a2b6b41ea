/** Runs every static check, whatever the others say, and names those that failed. `npm run check`. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const bin = (name: string) => join(root, 'node_modules/.bin', name);

const checks: [name: string, command: string, args: string[], folder?: string][] = [
  ['types', bin('tsc'), ['--noEmit', '-p', '.']],
  ['types of the page', bin('tsc'), ['--noEmit', '-p', 'services/dashboard/page']],
  ['lint and format', bin('biome'), ['check', '--error-on-warnings', '.']],
  ['protobuf lint', bin('buf'), ['lint'], 'proto'],
  ['generated code', process.execPath, ['tools/check-generated.ts']],
  ["the chart's settings", process.execPath, ['tools/kubernetes/values-schema.ts', '--check']],
  ['rendered manifests', process.execPath, ['tools/kubernetes/render-manifests.ts', '--check']],
  ['import direction', process.execPath, ['tools/check-imports.ts']],
  ['dead code', bin('knip'), ['--no-progress']],
];

const failed: string[] = [];
for (const [name, command, args, folder] of checks) {
  const started = performance.now();
  const result = spawnSync(command, args, { cwd: join(root, folder ?? ''), stdio: 'inherit' });
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(`${result.status === 0 ? 'ok    ' : 'FAILED'} ${name} (${seconds} s)`);
  if (result.status !== 0) failed.push(name);
}
if (failed.length > 0) console.error(`failed: ${failed.join(', ')}`);
process.exitCode = failed.length === 0 ? 0 : 1;
