/**
 * Builds the image from this working copy with buildah or Docker, without a network: the npm packages are those of
 * node_modules, and the base image has to be there.
 *
 *   node tools/kubernetes/build-image.ts --tag hyperslab:dev [--base IMAGE] [--archive FILE]
 *
 * --archive writes the image to a file that `docker load` and `ctr images import` read.
 */
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

const root = join(import.meta.dirname, '../..');

const { values } = parseArgs({
  options: {
    tag: { type: 'string', default: 'hyperslab:dev' },
    base: { type: 'string' },
    archive: { type: 'string' },
  },
});

function run(program: string, ...args: string[]): void {
  const { status, error } = spawnSync(program, args, { cwd: root, stdio: ['ignore', 2, 2] });
  if (status === 0) return;
  console.error(`build-image: ${program} ${args[0]} ${error?.message ?? `ended with ${status}`}`);
  process.exit(1);
}

function isThere(program: string): boolean {
  return spawnSync(program, ['--version'], { stdio: 'ignore' }).status === 0;
}

const tag = values.tag;
const args = [
  ...['--tag', tag, '--build-arg', 'PACKAGES=prepared'],
  ...(values.base === undefined ? [] : ['--build-arg', `BASE=${values.base}`]),
  '.',
];

// Builds the dashboard's page, if it is not the newest.
run(process.execPath, 'tools/setup.mjs');
run(process.execPath, 'tools/kubernetes/collect-image.ts', '.image');
if (isThere('buildah')) {
  // Changing the root is all the isolation that a build without a network needs, and works inside a container.
  run('buildah', 'build', '--isolation', 'chroot', '--pull-never', ...args);
  if (values.archive !== undefined) {
    rmSync(values.archive, { force: true });
    run('buildah', 'push', tag, `docker-archive:${values.archive}:${tag}`);
  }
} else {
  run('docker', 'build', ...args);
  if (values.archive !== undefined) run('docker', 'save', '--output', values.archive, tag);
}
