import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** What an index of a file depends on, beside the file: formats with their tables, codecs of coordinates, and what is below them. */
const packages = ['array', 'codecs', 'cube', 'dap', 'errors', 'formats', 'kernels', 'storage'];
const root = join(import.meta.dirname, '../../..');
const filesAtOnce = 32;

/**
 * Hash of the code that makes indexes: its sources, the versions of npm packages that they name, and that of Node. Code that
 * differs anywhere might make others, so nobody has to remember to raise a number.
 */
export async function codeVersion(): Promise<string> {
  const folders = ['proto/gen', ...packages.map((name) => `libs/${name}/src`)];
  const paths = packages.map((name) => join(root, 'libs', name, 'package.json'));
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
