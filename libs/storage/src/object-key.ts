import { HyperslabError } from '@hyperslab/errors';

/** Throws NAME_INVALID for a key that is no relative path of plain names. */
export function assertObjectKey(key: string): void {
  const plain = key.split('/').every((name) => /^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(name));
  if (!plain) {
    throw new HyperslabError(
      'NAME_INVALID',
      `object key "${key}": expected names of letters, digits, dots, hyphens and underscores, parted by slashes`,
      { key },
    );
  }
}
