import { setTimeout as sleep } from 'node:timers/promises';
import { asHyperslabError, type HyperslabError } from '@hyperslab/errors';
import type { KubernetesApi, WatchEvent } from '../api/kubernetes-api.ts';
import type { ResourcePath } from '../api/resource-path.ts';
import { isExpired } from '../api/status-error.ts';

/** A watch lasts so long, milliseconds, and goes on with another: what ended without a word is noticed within that. */
const watchMs = 60_000;
const retry = { firstMs: 200, longestMs: 10_000 };

/** What an object of a list must have. */
export interface Listed {
  metadata: { name: string; resourceVersion?: string };
}

/** Hears of a list. */
export interface ListListener<T> {
  /** The objects as they are now, by name. */
  changed(objects: ReadonlyMap<string, T>): void;
  /** It can't be read at present; it goes on being tried. */
  failed(error: HyperslabError): void;
}

interface List<T> {
  metadata: { resourceVersion: string };
  items: T[];
}

/**
 * Follows a list until `signal` aborts: lists it, then watches it from there. A watch that ends is taken up where it
 * ended; when the server keeps no events from so far back, it is listed anew.
 */
export async function followList<T extends Listed>(
  api: KubernetesApi,
  path: ResourcePath,
  listener: ListListener<T>,
  signal: AbortSignal,
): Promise<void> {
  let objects = new Map<string, T>();
  let version: string | undefined;
  for (let failures = 0; !signal.aborted; ) {
    try {
      if (version === undefined) {
        const list = await api.request<List<T>>('list', path, undefined, { signal });
        objects = new Map(list.items.map((item) => [item.metadata.name, item]));
        version = list.metadata.resourceVersion;
        listener.changed(objects);
      }
      for await (const event of api.watch<T>(path, version, watchMs, signal)) {
        version = applied(objects, event, version);
        failures = 0;
        if (version === undefined) break;
        if (event.type !== 'BOOKMARK') listener.changed(objects);
      }
      // A server that ends each watch at once is not asked without a pause.
      await sleep(retry.firstMs, undefined, { signal });
    } catch (error) {
      if (signal.aborted) return;
      if (isExpired(error)) version = undefined;
      const failure = asHyperslabError(error);
      if (failures === 0) listener.failed(failure);
      const pauseMs = Math.min(retry.longestMs, retry.firstMs * 2 ** failures++) * (0.5 + Math.random() / 2);
      await sleep(pauseMs, undefined, { signal }).catch(() => undefined);
    }
  }
}

/** Takes an event in and answers the version to go on from; undefined when the list must be read anew. */
function applied<T extends Listed>(
  objects: Map<string, T>,
  { type, object }: WatchEvent<T>,
  version: string,
): string | undefined {
  // What the server says instead of an event: mostly that the version is too old.
  if (type === 'ERROR') return undefined;
  const { name, resourceVersion } = object.metadata;
  if (type === 'DELETED') objects.delete(name);
  else if (type !== 'BOOKMARK') objects.set(name, object);
  return resourceVersion ?? version;
}
