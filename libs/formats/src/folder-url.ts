/** The URL of the folder that an object lies in, ending in a slash: without the query of a web address, which may have slashes too. */
export function folderUrl(url: string): string {
  const path = url.replace(/^(https?:[^?]*)\?.*$/s, '$1');
  return path.slice(0, path.lastIndexOf('/') + 1);
}
