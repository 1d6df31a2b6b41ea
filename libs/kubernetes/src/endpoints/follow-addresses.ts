import { asHyperslabError, HyperslabError } from '@hyperslab/errors';
import { openKubernetes } from '../api/open-kubernetes.ts';
import { type WatchedEndpoints, watchEndpoints } from './watch-endpoints.ts';

/** Where something is, as it comes and goes. */
export interface Addresses {
  /** host:port of each, now. */
  current(): readonly string[];
  /** Resolves when they were found out once. @throws UNAVAILABLE with what is wrong when `signal` aborts before */
  known(signal: AbortSignal): Promise<void>;
  close(): void;
}

/**
 * Addresses of a list whose items are `host:port`, or `kubernetes://[NAMESPACE]/SERVICE:PORT` for the ready pods behind
 * a headless Service. Without any of the latter nothing of Kubernetes is loaded.
 * @param defaultNamespace where no namespace is named; undefined for that of this process
 * @throws HyperslabError INVALID_ARGUMENT
 */
export function followAddresses(items: readonly string[], defaultNamespace?: string): Addresses {
  const plain = items.filter((item) => !item.startsWith('kubernetes:'));
  const services = items.filter((item) => item.startsWith('kubernetes:')).map(parseService);
  if (services.length === 0) {
    return { current: () => plain, known: () => Promise.resolve(), close: () => undefined };
  }
  let watched: WatchedEndpoints[] = [];
  let isClosed = false;
  const opened = openKubernetes().then((api) => {
    if (isClosed) return;
    watched = services.map(({ namespace, service, port }) =>
      watchEndpoints(api, { namespace: namespace || defaultNamespace || api.namespace, service, port }),
    );
  });
  // Told to whoever waits for them.
  opened.catch(() => undefined);
  return {
    current: () => [
      ...plain,
      ...watched.flatMap((each) => each.current().flatMap(({ ready, address }) => (ready ? [address] : []))),
    ],
    async known(signal) {
      await opened.catch((error) => {
        throw asHyperslabError(error);
      });
      await Promise.all(watched.map((each) => each.known(signal)));
    },
    close() {
      isClosed = true;
      for (const each of watched) each.close();
    },
  };
}

function parseService(text: string): { namespace: string; service: string; port: number } {
  const match = /^kubernetes:\/\/([a-z0-9-]*)\/([a-z0-9-]+):(\d{1,5})$/.exec(text);
  if (match !== null) return { namespace: match[1], service: match[2], port: Number(match[3]) };
  throw new HyperslabError('INVALID_ARGUMENT', `"${text}": expected kubernetes://[NAMESPACE]/SERVICE:PORT`);
}
