import type { z } from 'zod';
import { newestFormat } from './durable-formats.ts';
import { define } from './setting.ts';
import * as types from './setting-types.ts';

const everyone = [
  'catalog',
  'scheduler',
  'worker-pool',
  'metadata-backup',
  'opendap-gateway',
  'dashboard',
  'autoscaler',
] as const;
const finders = ['scheduler', 'worker-pool', 'opendap-gateway', 'dashboard', 'cli'] as const;

/** Every HYPERSLAB_* setting there is. */
export const settings = [
  define('state', types.folder, {
    variable: 'HYPERSLAB_STATE',
    default: '~/.hyperslab',
    description: 'folder of all local state',
    readBy: [...everyone, 'cli'],
  }),
  define('endpoints', types.folder, {
    variable: 'HYPERSLAB_ENDPOINTS',
    description: 'path of an endpoints.json that says where the mesh is; unset: STATE/endpoints.json',
    readBy: ['cli'],
  }),
  define('catalog', types.address, {
    variable: 'HYPERSLAB_CATALOG',
    default: '127.0.0.1:7401',
    description: 'host:port of the catalog',
    readBy: finders,
  }),
  define('scheduler', types.address, {
    variable: 'HYPERSLAB_SCHEDULER',
    default: '127.0.0.1:7402',
    description: 'host:port of the scheduler',
    readBy: ['worker-pool', 'opendap-gateway', 'dashboard', 'autoscaler', 'cli'],
  }),
  define('workers', types.addresses, {
    variable: 'HYPERSLAB_WORKERS',
    flag: '--worker-addresses',
    default: '127.0.0.1:7403',
    description:
      'host:port of workers that clients read from, comma-separated; or kubernetes:///SERVICE:PORT for the pods of a headless Service',
    readBy: ['opendap-gateway', 'dashboard', 'cli'],
  }),
  define('metadataBackup', types.address, {
    variable: 'HYPERSLAB_METADATA_BACKUP',
    default: '127.0.0.1:7404',
    description: 'host:port of the metadata backup',
    readBy: ['catalog', 'scheduler', 'cli'],
  }),
  define('bind', types.host, {
    variable: 'HYPERSLAB_BIND',
    default: '127.0.0.1',
    description: 'IP address to listen on; other than loopback needs HYPERSLAB_ALLOW_INSECURE',
    readBy: everyone,
  }),
  define('advertise', types.host, {
    variable: 'HYPERSLAB_ADVERTISE',
    description: 'host name under which others reach this process; unset: the address it binds to',
    readBy: ['worker-pool'],
  }),
  define('allowInsecure', types.truth, {
    variable: 'HYPERSLAB_ALLOW_INSECURE',
    default: 'false',
    description: 'listen on other than loopback although nobody is asked who they are',
    readBy: everyone,
  }),
  define('allowedHosts', types.hostPatterns, {
    variable: 'HYPERSLAB_ALLOWED_HOSTS',
    default: '',
    description:
      'names under which HTTP is answered besides addresses and localhost, comma-separated; "*.example.org" for all below',
    readBy: everyone,
  }),
  define('catalogPort', types.port, {
    variable: 'HYPERSLAB_CATALOG_PORT',
    default: '7401',
    description: 'gRPC port of the catalog; HTTP is 1000 above; 0 for any',
    readBy: ['catalog', 'cli'],
  }),
  define('schedulerPort', types.port, {
    variable: 'HYPERSLAB_SCHEDULER_PORT',
    default: '7402',
    description: 'gRPC port of the scheduler; HTTP is 1000 above; 0 for any',
    readBy: ['scheduler', 'cli'],
  }),
  define('workerPort', types.port, {
    variable: 'HYPERSLAB_WORKER_PORT',
    default: '7403',
    description: 'gRPC port of the first worker; HTTP is 1000 above; 0 for any',
    readBy: ['worker-pool', 'cli'],
  }),
  define('metadataBackupPort', types.port, {
    variable: 'HYPERSLAB_METADATA_BACKUP_PORT',
    default: '7404',
    description: 'gRPC port of the metadata backup; HTTP is 1000 above; 0 for any',
    readBy: ['metadata-backup', 'cli'],
  }),
  define('gatewayPort', types.port, {
    variable: 'HYPERSLAB_GATEWAY_PORT',
    default: '8080',
    description: 'HTTP port of the OPeNDAP gateway; 0 for any',
    readBy: ['opendap-gateway', 'cli'],
  }),
  define('dashboardPort', types.port, {
    variable: 'HYPERSLAB_DASHBOARD_PORT',
    default: '8787',
    description: 'HTTP port of the dashboard; 0 for any',
    readBy: ['dashboard', 'cli'],
  }),
  define('dataRoots', types.urlsOrFolders, {
    variable: 'HYPERSLAB_DATA_ROOTS',
    flag: '--root',
    default: '{cwd}',
    description: 'folders and URLs under which data may be read, comma-separated; nothing else is',
    readBy: ['worker-pool'],
  }),
  define('outputRoots', types.urlsOrFolders, {
    variable: 'HYPERSLAB_OUTPUT_ROOTS',
    default: '',
    description:
      'folders and s3:// URLs below which workers may write results (compute --on-workers), comma-separated; none unless given',
    readBy: ['worker-pool'],
  }),
  define('objects', types.urlOrFolder, {
    variable: 'HYPERSLAB_OBJECTS',
    default: '{state}/objects',
    description: 'object store of manifests and stored results: a folder or an s3:// URL',
    readBy: ['worker-pool', 'scheduler', 'metadata-backup', 'opendap-gateway', 'cli'],
  }),
  define('indexAge', types.duration, {
    variable: 'HYPERSLAB_INDEX_AGE',
    default: '14d',
    description: 'how long indexes of files are kept, for publishes of the same files; 0 to keep none',
    readBy: ['worker-pool', 'scheduler'],
  }),
  define('indexBytes', types.byteSize, {
    variable: 'HYPERSLAB_INDEX_BYTES',
    default: '8GiB',
    description: 'how much of the object store kept indexes may take, bytes; the oldest go first',
    readBy: ['scheduler'],
  }),
  define('journalCompactEvents', types.count, {
    variable: 'HYPERSLAB_JOURNAL_COMPACT_EVENTS',
    default: '10000',
    description: "the scheduler's journal is written anew when it has grown by so many events",
    readBy: ['scheduler'],
  }),
  define('journalCompactBytes', types.byteSize, {
    variable: 'HYPERSLAB_JOURNAL_COMPACT_BYTES',
    default: '16MiB',
    description: "the scheduler's journal is written anew when it has grown by so much, bytes",
    readBy: ['scheduler'],
  }),
  define('backupStore', types.urlOrFolder, {
    variable: 'HYPERSLAB_BACKUP_STORE',
    default: '{state}/backup',
    description: 'where the backup keeps copies of manifests and snapshots: a folder or an s3:// URL',
    readBy: ['metadata-backup'],
  }),
  define('snapshotInterval', types.duration, {
    variable: 'HYPERSLAB_SNAPSHOT_INTERVAL',
    default: '1d',
    description: 'time between snapshots; none is taken while nothing changed; 0 for none',
    readBy: ['metadata-backup'],
  }),
  define('snapshotsKept', types.count, {
    variable: 'HYPERSLAB_SNAPSHOTS_KEPT',
    default: '14',
    description: 'how many snapshots are kept; older ones are deleted',
    readBy: ['metadata-backup'],
  }),
  define('workerMemory', types.byteSize, {
    variable: 'HYPERSLAB_WORKER_MEMORY',
    default: '2GiB',
    description: 'memory that one worker process may use, bytes',
    readBy: ['worker-pool', 'autoscaler', 'cli'],
  }),
  define('workerThreads', types.count, {
    variable: 'HYPERSLAB_WORKER_THREADS',
    default: '{cores}',
    description: 'threads of one worker that decode and compute',
    readBy: ['worker-pool'],
  }),
  define('workerSlots', types.count, {
    variable: 'HYPERSLAB_WORKER_SLOTS',
    default: '4',
    description: 'tasks that one worker runs at once; more than threads, since tasks wait for storage',
    readBy: ['worker-pool', 'autoscaler', 'cli'],
  }),
  define('workerCacheBytes', types.byteSize, {
    variable: 'HYPERSLAB_WORKER_CACHE_BYTES',
    default: '256MiB',
    description: 'decoded chunks that one worker keeps, bytes; part of its memory',
    readBy: ['worker-pool'],
  }),
  define('workerDiskCacheBytes', types.byteSize, {
    variable: 'HYPERSLAB_WORKER_DISK_CACHE_BYTES',
    default: '0',
    description:
      'what one worker keeps on disk of distant objects that it read, below `ranges` of its state folder, bytes; 0 for nothing',
    readBy: ['worker-pool'],
  }),
  define('nativeCodecs', types.oneOf(['auto', 'off']), {
    variable: 'HYPERSLAB_NATIVE_CODECS',
    default: 'auto',
    description:
      'auto: chunks are decoded by libraries of the system where these are there, which is faster; off: never',
    readBy: ['worker-pool', 'cli'],
  }),
  define('autoscalerPort', types.port, {
    variable: 'HYPERSLAB_AUTOSCALER_PORT',
    default: '8405',
    description: 'HTTP port of the autoscaler: /metrics, /livez and /readyz; 0 for any',
    readBy: ['autoscaler'],
  }),
  define('autoscaleTargetName', types.host, {
    variable: 'HYPERSLAB_AUTOSCALE_TARGET_NAME',
    default: 'hyperslab-worker-pool',
    description: 'StatefulSet of the workers, in the namespace of the autoscaler',
    readBy: ['autoscaler'],
  }),
  define('autoscaleMin', types.countFromZero, {
    variable: 'HYPERSLAB_AUTOSCALE_MIN',
    default: '1',
    description: 'fewest workers; at 0 the next job brings one, and until then nobody serves values',
    readBy: ['autoscaler'],
  }),
  define('autoscaleMax', types.count, {
    variable: 'HYPERSLAB_AUTOSCALE_MAX',
    default: '10',
    description: 'most workers',
    readBy: ['autoscaler'],
  }),
  define('autoscaleTarget', types.positiveDuration, {
    variable: 'HYPERSLAB_AUTOSCALE_TARGET',
    default: '30s',
    description:
      'work that may wait or run for each worker, as the time that it takes; more brings more workers',
    readBy: ['autoscaler', 'cli'],
  }),
  define('autoscaleUpPerMinute', types.count, {
    variable: 'HYPERSLAB_AUTOSCALE_UP_PER_MINUTE',
    default: '20',
    description: 'most workers that are added within a minute',
    readBy: ['autoscaler', 'cli'],
  }),
  define('autoscaleDownPerMinute', types.count, {
    variable: 'HYPERSLAB_AUTOSCALE_DOWN_PER_MINUTE',
    default: '10',
    description: 'most workers that are told to go within a minute',
    readBy: ['autoscaler', 'cli'],
  }),
  define('autoscaleDownAfter', types.duration, {
    variable: 'HYPERSLAB_AUTOSCALE_DOWN_AFTER',
    default: '2m',
    description: 'workers go when fewer have been enough for so long',
    readBy: ['autoscaler', 'cli'],
  }),
  define('autoscaleIdle', types.duration, {
    variable: 'HYPERSLAB_AUTOSCALE_IDLE',
    default: '10m',
    description:
      'the last worker goes after so long without work, where the fewest are 0; results that nobody read go with it',
    readBy: ['autoscaler'],
  }),
  define('autoscaleStartTimeout', types.duration, {
    variable: 'HYPERSLAB_AUTOSCALE_START_TIMEOUT',
    default: '5m',
    description: 'a worker that has been starting for longer no longer counts as one that will help',
    readBy: ['autoscaler', 'cli'],
  }),
  define('autoscaleInterval', types.positiveDuration, {
    variable: 'HYPERSLAB_AUTOSCALE_INTERVAL',
    default: '5s',
    description: 'time between decisions on the number of workers',
    readBy: ['autoscaler', 'cli'],
  }),
  define('lease', types.objectName, {
    variable: 'HYPERSLAB_LEASE',
    description: 'name of the Kubernetes Lease whose holder schedules, the others standing by; unset: alone',
    readBy: ['scheduler'],
  }),
  define('leaseDuration', types.positiveDuration, {
    variable: 'HYPERSLAB_LEASE_DURATION',
    default: '15s',
    description: 'a scheduler without a sign of life for so long is succeeded by another',
    readBy: ['scheduler'],
  }),
  define('podName', types.objectName, {
    variable: 'HYPERSLAB_POD_NAME',
    description: 'name of the pod of this process, which the leader labels; unset: in no pod',
    readBy: ['scheduler'],
  }),
  define('podNamespace', types.objectName, {
    variable: 'HYPERSLAB_POD_NAMESPACE',
    description: 'Kubernetes namespace of this process; unset: that of its service account or context',
    readBy: ['scheduler', 'opendap-gateway', 'dashboard'],
  }),
  define('requestTimeout', types.duration, {
    variable: 'HYPERSLAB_REQUEST_TIMEOUT',
    default: '60s',
    description: 'deadline of a call whose caller gave none',
    readBy: everyone,
  }),
  define('resultTtl', types.duration, {
    variable: 'HYPERSLAB_RESULT_TTL',
    default: '10m',
    description: 'how long a result that nobody reads is kept',
    readBy: ['scheduler'],
  }),
  define('keptResultBytes', types.byteSize, {
    variable: 'HYPERSLAB_KEPT_RESULT_BYTES',
    default: '256MiB',
    description:
      'how much workers keep of results that were given back, for those who ask for the same, bytes; 0 to keep none',
    readBy: ['scheduler'],
  }),
  define('keptResultAge', types.duration, {
    variable: 'HYPERSLAB_KEPT_RESULT_AGE',
    default: '10m',
    description: 'how long such a result is kept after it was last asked for',
    readBy: ['scheduler'],
  }),
  define('drainTimeout', types.duration, {
    variable: 'HYPERSLAB_DRAIN_TIMEOUT',
    default: '10s',
    description: 'how long a service that is told to stop may finish what it has begun',
    readBy: everyone,
  }),
  define('writeFormat', types.meshFormat, {
    variable: 'HYPERSLAB_WRITE_FORMAT',
    default: String(newestFormat),
    description:
      'format that durable data is to have; checked at the start and of no other effect yet, as there is one format',
    readBy: everyone,
  }),
  define('logLevel', types.oneOf(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']), {
    variable: 'HYPERSLAB_LOG_LEVEL',
    default: 'info',
    description: 'least severe messages that are logged: trace, debug, info, warn, error, fatal or silent',
    readBy: everyone,
  }),
  define('parentPid', types.processId, {
    variable: 'HYPERSLAB_PARENT_PID',
    description: 'process whose end ends this one; "hyperslab up" sets it',
    readBy: everyone,
  }),
] as const;

type Defined = (typeof settings)[number];

/** Name of a setting: its key in Config. */
export type SettingName = Defined['name'];

/** Settings that have no default. */
type Unset = 'endpoints' | 'advertise' | 'lease' | 'podName' | 'podNamespace' | 'parentPid';

/** All settings, parsed: bytes for sizes, milliseconds for durations, absolute paths for folders. */
export type Config = {
  [S in Defined as S['name']]: S['name'] extends Unset
    ? z.output<S['schema']> | undefined
    : z.output<S['schema']>;
};
