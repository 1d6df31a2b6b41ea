/** The callers' side alone: a client process need not load servers, health and reflection. */
import './client/compiled-grpc.ts';

export { anonymous } from './call-metadata.ts';
export { type BackoffOptions, backoffMs } from './client/backoff.ts';
export { call, type UnaryOptions } from './client/call.ts';
export { type CallOptions, peerOf } from './client/call-options.ts';
export { ClientPool } from './client/client-pool.ts';
export { type ClientConstructor, connect } from './client/connect.ts';
export { isAnswering } from './client/is-answering.ts';
export { openDuplex, openStream } from './client/open-stream.ts';
export { fromStatus } from './errors/from-status.ts';
export { fromJobError, jobError } from './errors/job-error.ts';
