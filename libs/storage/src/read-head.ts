import type { ByteSource, ObjectHead, ReadOptions } from './store.ts';

/**
 * The first `length` bytes of an object, fewer where it ends before, and the state that they are of: in one request where
 * its store can, else in two. Throws what `stat` and `read` throw.
 */
export async function readHead(
  source: ByteSource,
  length: number,
  options: Omit<ReadOptions, 'expect'> = {},
): Promise<ObjectHead> {
  const head = await source.readHead?.(length, options);
  if (head !== undefined) return head;
  const version = await source.stat(options.signal);
  const range = { offset: 0, length: Math.min(length, version.size) };
  const [bytes] = await source.read([range], { ...options, expect: version });
  return { version, bytes };
}
