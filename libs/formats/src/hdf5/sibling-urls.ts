/**
 * URLs that a file name inside a file at `url` may mean, in the order in which HDF5 tries them (H5Pset_virtual,
 * H5Pset_external): an absolute path as such, then its last part beside the file; others beside the file.
 */
export function siblingUrls(url: string, name: string): string[] {
  const folder = url.slice(0, url.lastIndexOf('/'));
  const parts = name.split('/');
  if (!name.startsWith('/')) return [joined(folder, parts)];
  const beside = joined(folder, parts.slice(-1));
  return /^file:|^\//.test(url) ? [name, beside] : [beside];
}

function joined(folder: string, parts: readonly string[]): string {
  const isEncoded = /^(file|https?):/i.test(folder);
  const path = folder.split('/');
  for (const part of parts) {
    if (part === '..') path.pop();
    else if (part !== '.' && part !== '') path.push(isEncoded ? encodeURIComponent(part) : part);
  }
  return path.join('/');
}
