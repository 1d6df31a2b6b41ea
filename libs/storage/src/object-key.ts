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

/** Throws NAME_INVALID for a key that is no relative path of names: of objects that others name, in whatever way they do. */
export function assertForeignKey(key: string): void {
  const fits = key.split('/').every((name) => name !== '' && name !== '.' && name !== '..');
  if (fits && !/\p{Cc}/u.test(key)) return;
  throw new HyperslabError(
    'NAME_INVALID',
    `object key ${JSON.stringify(key)}: expected names parted by slashes`,
    {
      key,
    },
  );
}
