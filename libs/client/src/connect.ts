import { setFlagsFromString } from 'node:v8';
import { Client } from './client.ts';
import { Connection } from './connection.ts';
import { type EndpointOptions, findEndpoints } from './endpoints.ts';

/** How a session begins. */
export interface ConnectOptions extends EndpointOptions {
  /** Who asks. */
  caller?: string;
  /**
   * How long a service that can't be reached is tried before an error, milliseconds.
   * @default 30000, in which `up` has restarted a service that died
   */
  patienceMs?: number;
}

const defaultPatienceMs = 30_000;

/**
 * Finds a mesh and begins a session with it. Reads at most one small file and dials nothing. Has V8 count buffers with the heap of this process from now on (decision 0064). Throws as
 * `findEndpoints` does.
 */
export async function connect(options: ConnectOptions = {}): Promise<Client> {
  // By itself it marks the whole heap several times for each result of some tens of megabytes.
  setFlagsFromString('--external-memory-accounted-in-global-limit');
  const endpoints = findEndpoints(options);
  const { caller, patienceMs = defaultPatienceMs } = options;
  return new Client(new Connection(endpoints, { caller, patienceMs }));
}
