// First, for it loads gRPC in a way that makes the first call of a process cheap.
import '@hyperslab/rpc/calls';

export { absoluteUrl } from './absolute-url.ts';
export type { Aliases } from './aliases.ts';
export type { BackupClient } from './backup-client.ts';
export type { CallOptions, ChangeOptions, Paging, Search } from './catalog-calls.ts';
export { Client } from './client.ts';
export type { ComputedArray } from './compute.ts';
export { type ConnectOptions, connect } from './connect.ts';
export { Dataset, findCube } from './dataset.ts';
export { defaultStateDirectory, type EndpointOptions, type Endpoints, findEndpoints } from './endpoints.ts';
export type { FollowOptions } from './follow/follow.ts';
export type { FollowEvent } from './follow/follow-news.ts';
export { hasEnded, type JobOptions, type Priority } from './jobs.ts';
export { LazyArray } from './lazy-array.ts';
export { LazyCube, type Operand, type OperationValue } from './lazy-cube.ts';
export type { Page } from './pages.ts';
export { PersistedArray } from './persisted-array.ts';
export type { PublishArrayOptions, Published, PublishOptions } from './publish.ts';
export type { ResultBlock } from './result-blocks.ts';
export type { ComputedCoordinate } from './result-coordinates.ts';
export type { ArrayToSave, SaveArrayOptions } from './save/save.ts';
export type { CoordinateValue, IndexSelection, ValueSelection } from './selection.ts';
export { TextExpression } from './text-expression.ts';
export type { WatchClusterOptions } from './watch-cluster.ts';
export { ratesBetween, type WorkerRates } from './worker-rates.ts';
