import { createHash } from 'node:crypto';
import { HyperslabError, isHyperslabError } from '@hyperslab/errors';
import type { JournalEntry } from '@hyperslab/proto/backup';
import type { ManifestRef } from '@hyperslab/proto/cube';
import type { ObjectContent, ObjectStore } from '@hyperslab/storage';

/** A manifest of a hundred million chunks is hundreds of megabytes: it is never in memory as a whole. */
const partBytes = 8 * 1024 * 1024;

/** Keeps copies of manifests, which are named by the SHA-256 of their content and never change. */
export interface ManifestKeeper {
  /**
   * Copies a manifest into the backup unless it is there.
   * @throws HyperslabError OBJECT_NOT_FOUND, CHECKSUM_MISMATCH, and those of the stores
   */
  keep(manifest: ManifestRef, signal?: AbortSignal): Promise<void>;
  /** What is wrong with the copy of a manifest, in words; undefined when nothing is. */
  problem(manifest: ManifestRef, signal?: AbortSignal): Promise<string | undefined>;
  /** Puts a manifest that the object store lost back into it; answers whether it was lost. */
  restore(manifest: ManifestRef, signal?: AbortSignal): Promise<boolean>;
}

/** The manifest that an entry's dataset names, if any. */
export function manifestOf({ event }: JournalEntry): ManifestRef | undefined {
  if (event?.$case !== 'catalog' || event.value.change?.$case !== 'published') return undefined;
  return event.value.change.value.manifest;
}

/** Copies between the object store of the mesh and the backup's own. */
export function createManifestKeeper(objects: ObjectStore, backup: ObjectStore): ManifestKeeper {
  const kept = new Set<string>();

  return {
    async keep(manifest, signal) {
      const key = keyOf(manifest);
      if (kept.has(key)) return;
      if (!(await backup.has(key, signal)))
        await backup.put(key, await contentOf(objects, manifest, signal), signal);
      kept.add(key);
    },
    async problem(manifest, signal) {
      try {
        for await (const _ of (await contentOf(backup, manifest, signal)).parts());
        return undefined;
      } catch (error) {
        if (error instanceof HyperslabError && !error.retryable) return error.message;
        throw error;
      }
    },
    async restore(manifest, signal) {
      const key = keyOf(manifest);
      if (await objects.has(key, signal)) return false;
      await objects.put(key, await contentOf(backup, manifest, signal), signal);
      return true;
    },
  };
}

function keyOf({ sha256 }: ManifestRef): string {
  if (/^[0-9a-f]{64}$/.test(sha256)) return `manifests/${sha256}`;
  throw new HyperslabError(
    'INVALID_ARGUMENT',
    `manifest "${sha256}": expected a SHA-256 in lower-case hexadecimal`,
  );
}

/** The content of a manifest, checked while it is read: at its end it throws when it is another. */
async function contentOf(
  store: ObjectStore,
  manifest: ManifestRef,
  signal?: AbortSignal,
): Promise<ObjectContent> {
  const source = store.open(keyOf(manifest));
  const version = await source.stat(signal).catch((error) => {
    throw isHyperslabError(error, 'OBJECT_NOT_FOUND') ? missing(manifest, store) : error;
  });
  const { size } = version;
  if (size !== manifest.size) throw mismatch(manifest, store, `${size} bytes, expected ${manifest.size}`);
  return {
    size,
    async *parts() {
      const hash = createHash('sha256');
      for (let offset = 0; offset < size; offset += partBytes) {
        const length = Math.min(partBytes, size - offset);
        const [bytes] = await source.read([{ offset, length }], { signal, expect: version });
        hash.update(bytes);
        yield bytes;
      }
      const found = hash.digest('hex');
      if (found !== manifest.sha256) throw mismatch(manifest, store, `content has SHA-256 ${found}`);
    },
  };
}

function missing({ sha256 }: ManifestRef, store: ObjectStore): HyperslabError {
  const message = `manifest ${sha256} is not in ${store.url}; publish again, or restore it there`;
  return new HyperslabError('OBJECT_NOT_FOUND', message, { sha256, store: store.url });
}

function mismatch({ sha256 }: ManifestRef, store: ObjectStore, what: string): HyperslabError {
  const message = `manifest ${sha256} in ${store.url}: ${what}; delete it and publish again, or restore it`;
  return new HyperslabError('CHECKSUM_MISMATCH', message, { sha256, store: store.url });
}
