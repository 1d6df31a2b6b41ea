export { anonymous } from './call-metadata.ts';
export { type BackoffOptions, backoffMs } from './client/backoff.ts';
export { call, type UnaryOptions } from './client/call.ts';
export type { CallOptions } from './client/call-options.ts';
export { type ClientConstructor, connect } from './client/connect.ts';
export { openDuplex, openStream } from './client/open-stream.ts';
export { fromStatus } from './errors/from-status.ts';
export { fromJobError, jobError } from './errors/job-error.ts';
export { toStatus } from './errors/to-status.ts';
export { MessageQueue } from './message-queue.ts';
export { type RunningService, runService, type ServiceEnvironment } from './process/run-service.ts';
export type { CallContext } from './server/call-context.ts';
export {
  duplex,
  type Implementation,
  implement,
  type ServedService,
  serverStream,
  unary,
} from './server/handlers.ts';
export { type RunningServer, type ServeOptions, serve } from './server/serve.ts';
export { isOwnHost } from './server/side-server.ts';
