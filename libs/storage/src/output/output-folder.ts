import { parseLocation, urlInvalid } from '../location.ts';
import { localOutputFolder } from './local-output-folder.ts';
import type { OutputOptions } from './output-file.ts';
import { s3OutputFolder } from './s3-output-folder.ts';

/** An object by its key within a folder. */
export interface OutputObject {
  key: string;
  bytes: Uint8Array;
}

/** Many objects below one name. Nobody takes them for what they are to be before the last ones are there. */
export interface OutputFolder {
  /** A path on a disk that has room for what is put aside meanwhile. */
  readonly scratchBeside: string;
  /** Puts an object; several may be under way. */
  put(key: string, bytes: Uint8Array): Promise<void>;
  /** Puts the objects by which readers know it, in order, and lets all appear. */
  commit(last: readonly OutputObject[]): Promise<void>;
  /** Removes what was put; nothing happens after a commit that succeeded. */
  discard(): Promise<void>;
}

export interface OutputFolderOptions extends OutputOptions {
  /** Names of which one lies in a folder that may be replaced: nothing else is ever removed. */
  marks: readonly string[];
}

/**
 * Begins a folder at an absolute path, a file: or an s3: URL.
 * @throws HyperslabError INVALID_ARGUMENT when there is something already that may not be replaced, URL_INVALID, ACCESS_DENIED
 */
export async function createOutputFolder(url: string, options: OutputFolderOptions): Promise<OutputFolder> {
  const location = parseLocation(url);
  if (location.kind === 'http') throw urlInvalid(url, 'nothing can be written to a web server');
  if (location.kind === 'file') return localOutputFolder(location.path.replace(/\/+$/, ''), options);
  if (location.key === '') throw urlInvalid(url, 'expected a prefix within the bucket');
  return s3OutputFolder(location.bucket, location.key, options);
}
