export {
  anonymous,
  type BackoffOptions,
  backoffMs,
  type CallOptions,
  type ClientConstructor,
  ClientPool,
  call,
  connect,
  fromJobError,
  fromStatus,
  jobError,
  openDuplex,
  openStream,
  type UnaryOptions,
} from './calls.ts';
export { toStatus } from './errors/to-status.ts';
export { MessageQueue } from './message-queue.ts';
export { type RunningService, runService, type ServiceEnvironment } from './process/run-service.ts';
export {
  exchangesSince,
  handsOverSince,
  maskingSince,
  operationsSince,
  outputsSince,
  productsSince,
  protocolVersions,
  readsPersistedSince,
  runsSince,
  sharesResultsSince,
} from './protocol-versions.ts';
export type { CallContext } from './server/call-context.ts';
export {
  duplex,
  type Implementation,
  implement,
  type ServedService,
  serverStream,
  unary,
} from './server/handlers.ts';
export { foreignHost, isOwnHost } from './server/own-host.ts';
export { type RunningServer, type ServeOptions, serve } from './server/serve.ts';
export { startSideServer } from './server/side-server.ts';
