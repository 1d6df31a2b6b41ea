import { isAbsolute, normalize } from 'node:path';
import { pathToFileURL } from 'node:url';
import { HyperslabError } from '@hyperslab/errors';
import { isLinkLocal } from './http/link-local.ts';
import { outsideRoots } from './outside-roots.ts';

/** A URL taken apart and put in its one normal form, so that a root can be compared with it. */
export type Location =
  | { kind: 'file'; url: string; path: string }
  | { kind: 'http'; url: string; origin: string; path: string }
  | { kind: 's3'; url: string; bucket: string; key: string };

/**
 * Reads an absolute path or a file:, http:, https: or s3: URL; globs and prefixes are read as what they look like.
 * Throws URL_INVALID, and OUTSIDE_ROOTS for a path with `..` in it that normalising would not remove, and for an address of the
 * own link, where clouds tell a machine its credentials.
 */
export function parseLocation(text: string): Location {
  if (text.includes('\0')) throw urlInvalid(text, 'expected no zero character');
  if (isAbsolute(text)) return fileLocation(text);
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(text)?.[1].toLowerCase();
  if (scheme === 'file') return fileUrlLocation(text);
  if (scheme === 'http' || scheme === 'https') return httpLocation(text);
  if (scheme === 's3') return s3Location(text);
  throw urlInvalid(text, 'expected an absolute path or a file:, http:, https: or s3: URL');
}

function fileLocation(path: string): Location {
  // `normalize` keeps a slash at the end, which makes a prefix, and folds `..`.
  const normal = normalize(path);
  return { kind: 'file', url: pathToFileURL(normal).href, path: normal };
}

function fileUrlLocation(text: string): Location {
  // Not through `new URL`, which takes the `?` of a glob for a query.
  const rest = text.slice('file://'.length).replace(/^localhost(?=\/)/i, '');
  if (!rest.startsWith('/')) throw urlInvalid(text, 'expected file:/// and an absolute path on this machine');
  try {
    const path = decodeURIComponent(rest);
    if (path.includes('\0')) throw urlInvalid(text, 'expected no zero character');
    return fileLocation(path);
  } catch (cause) {
    if (cause instanceof HyperslabError) throw cause;
    throw urlInvalid(text, 'expected percent signs only before two hexadecimal digits', cause);
  }
}

function httpLocation(text: string): Location {
  if (!URL.canParse(text)) throw urlInvalid(text, 'expected a host and a path');
  const url = new URL(text);
  if (url.username !== '' || url.password !== '') {
    // Without the text: URLs are logged and published.
    throw new HyperslabError(
      'URL_INVALID',
      `${url.origin}: expected no user or password in a URL; it would be published with it`,
    );
  }
  url.hash = '';
  if (hasDotSegment(url.pathname) || isLinkLocal(url.hostname)) throw outsideRoots(text);
  return { kind: 'http', url: url.href, origin: url.origin, path: url.pathname };
}

/** Whether a server that decodes %2f and %5c, or takes parameters off (`..;x`, as those of Java do), would find a step upwards. */
function hasDotSegment(pathname: string): boolean {
  return pathname
    .replace(/%2f|%5c|\\/gi, '/')
    .replace(/%2e/gi, '.')
    .split('/')
    .some((segment) => /^\.\.(?:$|;|%3b)/i.test(segment));
}

function s3Location(text: string): Location {
  const [, bucket, key] = /^s3:\/\/([^/]+)(?:\/(.*))?$/is.exec(text) ?? [];
  // Amazon S3 user guide, "General purpose bucket naming rules".
  if (bucket === undefined || !/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(bucket)) {
    throw urlInvalid(
      text,
      'expected s3://BUCKET/KEY with a bucket name of 3 to 63 lower-case letters, digits, dots, hyphens',
    );
  }
  if ((key ?? '').split('/').some((name) => name === '..' || name === '.')) throw outsideRoots(text);
  return { kind: 's3', url: `s3://${bucket}/${key ?? ''}`, bucket, key: key ?? '' };
}

export function urlInvalid(url: string, expectation: string, cause?: unknown): HyperslabError {
  return new HyperslabError('URL_INVALID', `${url}: ${expectation}`, { url }, cause);
}
