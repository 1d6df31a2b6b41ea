import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** What makes an index: formats with their tables, and what is merged of coordinates. All that these depend on counts, too. */
const makers = ['formats', 'cube'];
const scope = '@hyperslab/';
const root = join(import.meta.dirname, '../../..');
const filesAtOnce = 32;

/**
 * Hash of the code that makes indexes: its sources, the versions of npm packages that they name, and that of Node. Code that
 * differs anywhere might make others, so nobody has to remember to raise a number. It is made of what lies on the disk when a
 * worker starts, some of which is loaded with its first publish: code is replaced while no worker runs, as by a new image.
 */
export async function codeVersion(): Promise<string> {
  const packages = await indexingPackages();
  const folders = packages.map((name) => (name === 'proto' ? 'proto/gen' : `libs/${name}/src`));
  const paths = packages.map(packageFile);
  for (const folder of folders) {
    const names = await readdir(join(root, folder), { recursive: true, withFileTypes: true });
    for (const entry of names) if (entry.isFile()) paths.push(join(entry.parentPath, entry.name));
  }
  paths.sort();
  const digest = createHash('sha256').update(process.version);
  for (let at = 0; at < paths.length; at += filesAtOnce) {
    const some = paths.slice(at, at + filesAtOnce);
    const contents = await Promise.all(some.map((path) => readFile(path)));
    for (const [i, content] of contents.entries())
      digest.update(`${some[i].slice(root.length)}\0${content.length}\0`).update(content);
  }
  return digest.digest('hex').slice(0, 16);
}

/** Names of our packages that an index depends on, beside the file, sorted. */
export async function indexingPackages(): Promise<string[]> {
  const found = new Set(makers);
  for (const name of found) {
    const { dependencies = {} } = JSON.parse(await readFile(packageFile(name), 'utf8'));
    for (const other of Object.keys(dependencies))
      if (other.startsWith(scope)) found.add(other.slice(scope.length));
  }
  return [...found].sort();
}

function packageFile(name: string): string {
  return join(root, name === 'proto' ? '' : 'libs', name, 'package.json');
}
