/**
 * Gathers in a folder what the image holds: the sources that run, and the npm packages that they need at run time.
 *
 *   node tools/kubernetes/collect-image.ts FOLDER
 *
 * The tree is that of the repository with its links: Node strips types from our packages where they lie in `libs` and
 * `services`, and refuses copies of them below node_modules.
 */
import { cpSync, existsSync, mkdirSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { productionPackages } from './production-packages.ts';

const root = join(import.meta.dirname, '../..');

/** What runs: every service, and the command. */
const programs = [...readdirSync(join(root, 'services')).map((name) => `services/${name}`), 'tools/cli'];

/** Parts of our packages that run; tests, sources of what is generated and texts stay behind. */
const parts = ['package.json', 'src', 'bin', 'gen', 'dist'];

/** Files of npm packages that only editors and debuggers read. */
const unread = /\.(?:d\.[cm]?ts|[cm]?ts|map|md|markdown|flow|tsbuildinfo)$/i;

/** Copies everything into `target`, which is emptied before. */
function collect(target: string): void {
  rmSync(target, { recursive: true, force: true });
  mkdirSync(target, { recursive: true });
  for (const folder of productionPackages(root, programs)) {
    if (folder.startsWith('node_modules/')) copyPackage(folder, target);
    else copyWorkspace(folder, target);
  }
  copy('package.json', target);
  copy('LICENSE', target);
  copy('tools/kubernetes/start-service.ts', target);
}

function copyPackage(folder: string, target: string): void {
  cpSync(join(root, folder), join(target, folder), {
    recursive: true,
    // A package below another one is copied for its own sake, or not at all.
    filter: (path) => basename(path) !== 'node_modules' && !unread.test(path),
  });
}

function copyWorkspace(folder: string, target: string): void {
  for (const part of parts) copy(join(folder, part), target);
  const link = join(target, 'node_modules/@hyperslab', basename(folder));
  mkdirSync(dirname(link), { recursive: true });
  symlinkSync(relative(dirname(link), join(target, folder)), link);
}

function copy(path: string, target: string): void {
  if (existsSync(join(root, path))) cpSync(join(root, path), join(target, path), { recursive: true });
}

const target = process.argv[2];
if (target === undefined) {
  console.error('usage: node tools/kubernetes/collect-image.ts FOLDER');
  process.exit(2);
}
collect(target);
