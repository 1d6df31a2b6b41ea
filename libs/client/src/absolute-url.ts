import { isAbsolute, join } from 'node:path';
import { HyperslabError } from '@hyperslab/errors';

/**
 * A URL, glob or prefix as the services are to see it: a path is made absolute against `directory`, for the services
 * have another working directory; what has a scheme stays as it is. A trailing slash, which means a prefix, is kept.
 * Throws INVALID_ARGUMENT for an empty text.
 */
export function absoluteUrl(url: string, directory: string = process.cwd()): string {
  if (url.trim() === '')
    throw new HyperslabError(
      'INVALID_ARGUMENT',
      'an empty text is no URL; expected a URL, a path, a glob, or a folder that ends in a slash',
    );
  if (/^[A-Za-z][A-Za-z0-9+.-]*:\/\//.test(url)) return url;
  return isAbsolute(url) ? url : join(directory, url);
}
