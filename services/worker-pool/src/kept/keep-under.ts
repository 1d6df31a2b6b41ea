import { hash } from 'node:crypto';

/** Below this lie all kept indexes in the object store: `indexes/CODE/FOLDER/PACK`. */
const folder = 'indexes';

/**
 * Where the indexes of a publish are kept and looked for: by the code that makes them, and by the folder that its URLs have in
 * common, so that whoever publishes the same files finds them with one listing. Empty when `maker` is: then none are kept.
 */
export function keepUnder(maker: string, urls: readonly string[]): string {
  if (maker === '' || urls.length === 0) return '';
  return `${folder}/${maker}/${hash('sha256', commonFolder(urls)).slice(0, 16)}`;
}

/** The longest beginning, up to a slash, that URLs, globs and prefixes share and that holds no wildcard. */
function commonFolder(urls: readonly string[]): string {
  const folders = urls.map((url) => {
    const wildcard = url.search(/[*?{]/);
    return url.slice(0, url.lastIndexOf('/', wildcard < 0 ? url.length : wildcard) + 1);
  });
  let [common] = folders;
  for (const each of folders) {
    while (!each.startsWith(common)) common = folderAbove(common);
  }
  return common;
}

/** Of a folder with its slash; empty for one that has none above it. `lastIndexOf` would find the slash of "/" again for ever. */
function folderAbove(folder: string): string {
  return folder.length <= 1 ? '' : folder.slice(0, folder.lastIndexOf('/', folder.length - 2) + 1);
}
