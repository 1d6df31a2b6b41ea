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
  /**
   * Whether V8 may count buffers with the heap of this process when it decides when to collect (decision 0064). By itself it marks the whole heap several
   * times for each result of some tens of megabytes.
   * @default true
   */
  collectBuffersLate?: boolean;
}

const defaultPatienceMs = 30_000;

/** Finds a mesh and begins a session with it. Reads at most one small file and dials nothing. Throws as `findEndpoints` does. */
export async function connect(options: ConnectOptions = {}): Promise<Client> {
  const endpoints = findEndpoints(options);
  const { caller, patienceMs = defaultPatienceMs, collectBuffersLate = true } = options;
  if (collectBuffersLate) setFlagsFromString('--external-memory-accounted-in-global-limit');
  return new Client(new Connection(endpoints, { caller, patienceMs }));
}
