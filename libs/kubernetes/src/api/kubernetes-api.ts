import type { ApiSocket, SocketListener } from './api-socket.ts';
import type { ResourcePath, Verb } from './resource-path.ts';

/** How a request is made. */
export interface RequestOptions {
  signal?: AbortSignal;
  timeoutMs?: number;
}

/** An event of a watch. */
export interface WatchEvent<T> {
  type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK' | 'ERROR';
  object: T;
}

/**
 * A Kubernetes API: requests in JSON, and their failures as HyperslabErrors. Not the generated classes of the client
 * library: they take no signal, and each has a few hundred kilobytes of models.
 */
export interface KubernetesApi {
  /** Namespace of the service account, or of the current context. */
  readonly namespace: string;
  /**
   * @throws HyperslabError KUBERNETES_DENIED, KUBERNETES_NOT_FOUND, KUBERNETES_CONFLICT, INVALID_ARGUMENT, UNAVAILABLE
   */
  request<T>(verb: Verb, path: ResourcePath, body?: unknown, options?: RequestOptions): Promise<T>;
  /** Events of a list from a version on, until the server ends the stream, which it does within `durationMs`. */
  watch<T>(
    path: ResourcePath,
    version: string,
    durationMs: number,
    signal: AbortSignal,
  ): AsyncGenerator<WatchEvent<T>>;
  /** Opens a WebSocket to a subresource. @throws as `request` */
  socket(path: ResourcePath, receive: SocketListener): Promise<ApiSocket>;
}
