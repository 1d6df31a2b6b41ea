import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

interface Manifest {
  dependencies?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
  peerDependencies?: Record<string, string>;
}

/**
 * Folders that the workspaces named need at run time, as paths below `root`: other workspaces, and packages in
 * node_modules, found as Node finds them.
 * @throws Error when one is not installed
 */
export function productionPackages(root: string, workspaces: readonly string[]): string[] {
  const folders = new Set<string>();
  const visit = (folder: string) => {
    if (folders.has(folder)) return;
    folders.add(folder);
    const manifest = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8')) as Manifest;
    for (const name of Object.keys(manifest.dependencies ?? {})) {
      const found = locate(root, folder, name);
      if (found === undefined) throw new Error(`${folder} needs ${name}, which is not installed`);
      visit(found);
    }
    // Optional ones and peers are used where they are there.
    for (const name of Object.keys({ ...manifest.optionalDependencies, ...manifest.peerDependencies })) {
      const found = locate(root, folder, name);
      if (found !== undefined) visit(found);
    }
  };
  for (const workspace of workspaces) visit(workspace);
  return [...folders].sort();
}

function locate(root: string, from: string, name: string): string | undefined {
  for (let folder = join(root, from); ; folder = dirname(folder)) {
    const candidate = join(folder, 'node_modules', name);
    if (existsSync(join(candidate, 'package.json'))) return workspaceOf(root, candidate, name);
    if (folder === root || folder === dirname(folder)) return undefined;
  }
}

/** A workspace is linked into node_modules; its folder is what counts. */
function workspaceOf(root: string, path: string, name: string): string {
  if (!name.startsWith('@hyperslab/')) return relative(root, path);
  const own = name.slice('@hyperslab/'.length);
  const folder = [own, `libs/${own}`, `services/${own}`, `tools/${own}`].find((each) =>
    existsSync(join(root, each, 'package.json')),
  );
  if (folder === undefined) throw new Error(`${name} has no folder`);
  return folder;
}
