import { isIPv6 } from 'node:net';
import { type ChannelCredentials, type Client, type ClientOptions, credentials } from '@grpc/grpc-js';
import { clientOptions } from '../channel-options.ts';

/** Constructor of a generated client. */
export type ClientConstructor<C extends Client> = new (
  address: string,
  credentials: ChannelCredentials,
  options?: Partial<ClientOptions>,
) => C;

// V8 interprets the pattern of addresses when it is first asked and compiles it when it is asked again, which takes
// milliseconds each: now rather than in the first call.
isIPv6('::1');
isIPv6('::1');

const callers = new WeakMap<Client, string>();

/**
 * A client of a service; it dials on the first call and again whenever the connection is lost. Close it with
 * `client.close()`.
 * @param address host:port
 * @param options.caller who asks, for every call that does not say
 * @param options.readAheadBytes what a service may send ahead of a reader, for clients whose streams tell how something
 *   is now: a slow reader then gets few messages rather than old ones
 */
export function connect<C extends Client>(
  ClientClass: ClientConstructor<C>,
  address: string,
  options: { caller?: string; readAheadBytes?: number } = {},
): C {
  const { readAheadBytes } = options;
  const window = readAheadBytes === undefined ? {} : { 'grpc-node.flow_control_window': readAheadBytes };
  const client = new ClientClass(address, credentials.createInsecure(), { ...clientOptions, ...window });
  if (options.caller !== undefined) callers.set(client, options.caller);
  return client;
}

/** Who the calls of a client come from; undefined when it was not said. */
export function callerOfClient(client: Client): string | undefined {
  return callers.get(client);
}
