import type { Socket } from 'node:net';
import { HyperslabError } from '@hyperslab/errors';
import type { KubernetesApi } from '../api/kubernetes-api.ts';
import type { ResourcePath } from '../api/resource-path.ts';

/** Streams of the one port that is asked for: its bytes, and what went wrong at the other end, as text. */
const dataStream = 0;
const errorStream = 1;
/** The first message of each stream is the number of the port, which we know. */
const portBytes = 2;

/**
 * Carries the bytes of a local connection, which is paused, to a port of a pod and back, neither side faster than the
 * other takes them. Resolves when the connection has ended. @throws HyperslabError as KubernetesApi.socket, and
 * UNAVAILABLE when nobody listens in the pod
 */
export async function joinSocket(api: KubernetesApi, path: ResourcePath, local: Socket): Promise<void> {
  const over = Promise.withResolvers<void>();
  const begun = new Set<number>();
  const remote = await api.socket(path, {
    message(stream, bytes) {
      const isFirst = !begun.has(stream);
      begun.add(stream);
      const content = isFirst ? bytes.subarray(portBytes) : bytes;
      if (content.length === 0) return;
      if (stream === errorStream)
        over.reject(new HyperslabError('UNAVAILABLE', `pod ${path.name}: ${content}`));
      else if (stream === dataStream && !local.write(content)) {
        remote.pause();
        local.once('drain', () => remote.resume());
      }
    },
    closed() {
      local.end();
      over.resolve();
    },
  });
  local.on('data', (bytes: Buffer) => {
    local.pause();
    remote.send(dataStream, bytes, () => local.resume());
  });
  local.once('close', () => {
    remote.close();
    over.resolve();
  });
  if (local.destroyed) remote.close();
  local.resume();
  await over.promise;
}
