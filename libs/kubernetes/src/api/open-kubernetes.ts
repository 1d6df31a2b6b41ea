import { HyperslabError } from '@hyperslab/errors';
import type { KubeConfig } from '@kubernetes/client-node';
import type { Dispatcher } from 'undici';
import type { ClientOptions } from 'ws';
import { openSocket } from './api-socket.ts';
import type { KubernetesApi, RequestOptions, WatchEvent } from './kubernetes-api.ts';
import { type ResourcePath, resourceUrl, type Verb } from './resource-path.ts';
import { statusError } from './status-error.ts';

/** A request that is not answered within this time has failed, milliseconds. */
const defaultTimeoutMs = 10_000;

/**
 * The API of the cluster that this process runs in, or of KUBECONFIG or ~/.kube/config. The client library takes most
 * of a second and 60 MB: it is loaded here and nowhere else.
 * @param kubeconfig path of another kubeconfig
 * @throws HyperslabError UNAVAILABLE where no cluster is configured
 */
export async function openKubernetes(kubeconfig?: string): Promise<KubernetesApi> {
  const [library, { request: send }] = await Promise.all([
    import('@kubernetes/client-node'),
    import('undici'),
  ]);
  const config = new library.KubeConfig();
  if (kubeconfig === undefined) config.loadFromDefault();
  else config.loadFromFile(kubeconfig);
  const server = serverOf(config);
  let dispatcher: Dispatcher | undefined;

  async function exchange(verb: Verb, path: ResourcePath, url: string, body: unknown, signal: AbortSignal) {
    const { method, contentType } = verbs[verb];
    // Tokens change: they are asked for each time. Connections stay.
    const context = new library.RequestContext(url, library.HttpMethod.GET);
    try {
      await config.applySecurityAuthentication(context);
      dispatcher ??= context.getDispatcher() as Dispatcher | undefined;
      return await send(url, {
        method,
        headers: { ...context.getHeaders(), accept: 'application/json', 'content-type': contentType },
        body: body === undefined ? undefined : JSON.stringify(body),
        dispatcher,
        signal,
        bodyTimeout: 0,
        ...overHttp1,
      });
    } catch (error) {
      throw unreachable(server, path, error);
    }
  }

  async function answer(verb: Verb, path: ResourcePath, url: string, body: unknown, signal: AbortSignal) {
    const response = await exchange(verb, path, url, body, signal);
    if (response.statusCode < 300) return response.body;
    if (response.statusCode === 401) dispatcher = undefined;
    throw statusError(verb, path, response.statusCode, await response.body.text().catch(() => ''));
  }

  return {
    namespace: config.getContextObject(config.getCurrentContext())?.namespace ?? 'default',
    async request<T>(verb: Verb, path: ResourcePath, body?: unknown, options: RequestOptions = {}) {
      const timeout = AbortSignal.timeout(options.timeoutMs ?? defaultTimeoutMs);
      const signal = options.signal ? AbortSignal.any([options.signal, timeout]) : timeout;
      const bytes = await answer(verb, path, `${server}${resourceUrl(path)}`, body, signal);
      return bytes.json().catch((error) => {
        throw unreachable(server, path, error);
      }) as Promise<T>;
    },
    async *watch<T>(path: ResourcePath, version: string, durationMs: number, signal: AbortSignal) {
      const timeoutSeconds = String(Math.ceil(durationMs / 1000));
      const query = { watch: 'true', allowWatchBookmarks: 'true', resourceVersion: version, timeoutSeconds };
      const url = `${server}${resourceUrl({ ...path, query: { ...path.query, ...query } })}`;
      // A server that is gone without a word would keep us waiting for ever.
      const silence = AbortSignal.timeout(durationMs + defaultTimeoutMs);
      const body = await answer('watch', path, url, undefined, AbortSignal.any([signal, silence]));
      try {
        yield* lines(body) as AsyncGenerator<WatchEvent<T>>;
      } catch (error) {
        throw unreachable(server, path, error);
      }
    },
    async socket(path, receive) {
      const options: ClientOptions = {};
      await config.applyToHTTPSOptions(options);
      return openSocket(
        `${server.replace(/^http/, 'ws')}${resourceUrl(path)}`,
        options,
        receive,
        (status, body) =>
          status === undefined
            ? unreachable(server, path, new Error(body))
            : statusError('create', path, status, body),
      );
    },
  };
}

/** undici ends an idle HTTP/2 session by an error that nobody can catch, and with it the process. */
const overHttp1 = { allowH2: false };

const json = 'application/json';
const verbs: Record<Verb, { method: 'GET' | 'POST' | 'PUT' | 'PATCH'; contentType: string }> = {
  get: { method: 'GET', contentType: json },
  list: { method: 'GET', contentType: json },
  watch: { method: 'GET', contentType: json },
  create: { method: 'POST', contentType: json },
  update: { method: 'PUT', contentType: json },
  patch: { method: 'PATCH', contentType: 'application/merge-patch+json' },
};

function serverOf(config: KubeConfig): string {
  const server = config.getCurrentCluster()?.server;
  // Where there is nothing, the library assumes a server on localhost:8080.
  if (server === undefined || server === 'http://localhost:8080') {
    throw new HyperslabError(
      'UNAVAILABLE',
      'kubernetes: no cluster is configured; set KUBECONFIG, or run in a pod with a service account',
    );
  }
  return server.replace(/\/$/, '');
}

/** The JSON values of a stream, one a line. */
async function* lines(chunks: AsyncIterable<Buffer>): AsyncGenerator<unknown> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of chunks) {
    text += decoder.decode(chunk, { stream: true });
    const whole = text.split('\n');
    text = whole.pop() ?? '';
    for (const line of whole) if (line !== '') yield JSON.parse(line);
  }
}

function unreachable(server: string, path: ResourcePath, error: unknown): HyperslabError {
  const why = error instanceof Error ? error.message : String(error);
  const message = `kubernetes: the API server ${server} did not answer a request for ${path.resource}: ${why}; it is tried again`;
  return new HyperslabError('UNAVAILABLE', message, { server }, error);
}
