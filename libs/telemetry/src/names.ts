/** Every metric of every service, once: name and meaning. Units are in the names. */
export const metricNames = {
  rpcCalls: ['hyperslab_rpc_calls_total', 'calls answered, by method and status code'],
  rpcSeconds: ['hyperslab_rpc_seconds', 'time from the start of a call to its end, seconds, by method'],
  rpcActive: ['hyperslab_rpc_active', 'calls that are being answered'],
  ready: ['hyperslab_ready', '1 while the service can do its work'],
  residentBytes: ['hyperslab_resident_bytes', 'resident memory of the process, bytes'],
  cpuSeconds: ['hyperslab_cpu_seconds', 'processor time of the process, seconds'],
  eventLoopSeconds: ['hyperslab_event_loop_delay_seconds', '99th percentile of the delay of the event loop'],
  catalogVersions: ['hyperslab_catalog_versions', 'dataset versions that the catalog knows'],
  catalogPending: ['hyperslab_catalog_pending_events', 'events that are not in the backup yet'],
  catalogRefuses: [
    'hyperslab_catalog_refuses_changes',
    '1 while the backup can’t be reached and changes are refused',
  ],
  backupSequence: ['hyperslab_backup_sequence', 'last durable event, by journal'],
  backupSyncs: [
    'hyperslab_backup_syncs_total',
    'fsyncs of journals; fewer than appends where these were grouped',
  ],
  backupAppends: ['hyperslab_backup_appended_events_total', 'events made durable, by journal'],
  backupSnapshotSeconds: [
    'hyperslab_backup_last_snapshot_timestamp_seconds',
    'when the last snapshot was taken',
  ],
  backupMarkdownPending: [
    'hyperslab_backup_markdown_pending',
    'versions that are not written as Markdown yet',
  ],
  schedulerWorkers: ['hyperslab_scheduler_workers', 'workers that are connected'],
  schedulerJobs: ['hyperslab_scheduler_jobs', 'jobs that are remembered, by phase'],
  schedulerQueueSeconds: [
    'hyperslab_scheduler_queue_seconds',
    'how long the oldest job waits of which no task was begun yet; 0 when none waits',
  ],
  schedulerTasksQueued: ['hyperslab_scheduler_queued_tasks', 'tasks that wait for room or for their inputs'],
  schedulerTasksRunning: ['hyperslab_scheduler_running_tasks', 'tasks that have a slot of a worker'],
  schedulerSlots: ['hyperslab_scheduler_slots', 'tasks that the connected workers that stay can run at once'],
  schedulerQueuedWork: [
    'hyperslab_scheduler_queued_slot_seconds',
    'work that waits or runs, as seconds that one slot would take for it',
  ],
  schedulerHeldBytes: [
    'hyperslab_scheduler_held_bytes',
    'bytes of blocks that must not be lost from the workers',
  ],
  autoscalerWorkers: [
    'hyperslab_autoscaler_workers',
    'workers, by state: wanted, ready, starting or draining',
  ],
  autoscalerChanges: [
    'hyperslab_autoscaler_changes_total',
    'changes of the wanted number, by direction and rule',
  ],
  autoscalerFailures: [
    'hyperslab_autoscaler_failures_total',
    'times that the scheduler, or who starts workers, began to fail, by which',
  ],
  workerTasks: ['hyperslab_worker_tasks_total', 'tasks that ended, by outcome'],
  workerBlockBytes: ['hyperslab_worker_block_bytes', 'bytes of blocks, by where they are'],
  workerCacheBytes: ['hyperslab_worker_cache_bytes', 'bytes of decoded chunks that are kept'],
  workerStorageBytes: ['hyperslab_worker_storage_bytes', 'bytes read from storage since the start'],
  workerStorageRequests: [
    'hyperslab_worker_storage_requests',
    'requests to storage that brought bytes since the start',
  ],
  workerReceivedBytes: [
    'hyperslab_worker_received_bytes',
    'bytes of blocks received from other workers since the start',
  ],
  workerReceivingSeconds: [
    'hyperslab_worker_receiving_seconds',
    'time in which blocks were on their way from other workers since the start, seconds; several at once count once',
  ],
  workerMemoryLimit: ['hyperslab_worker_memory_limit_bytes', 'limit of the memory of the worker'],
  dapRequests: [
    'hyperslab_dap_requests_total',
    'requests that the gateway answered, by form and HTTP status',
  ],
  dapBroken: ['hyperslab_dap_broken_answers_total', 'answers that broke off after their head was sent'],
  dapActive: ['hyperslab_dap_active_requests', 'requests that the gateway is answering'],
  dashboardRequests: [
    'hyperslab_dashboard_requests_total',
    'requests that the dashboard answered, by kind and HTTP status',
  ],
  dashboardViewers: ['hyperslab_dashboard_viewers', 'pages that follow the cluster'],
} as const;

/** Key of metricNames. */
export type MetricName = keyof typeof metricNames;

/** What kind of metric it is, in which unit (UCUM, as OpenTelemetry has them), and which labels its series have. */
export interface MetricShape {
  kind: 'counter' | 'gauge' | 'histogram';
  unit: '1' | 's' | 'By';
  labels: readonly string[];
}

/** The shape of every metric. */
export const metricShapes: Record<MetricName, MetricShape> = {
  rpcCalls: { kind: 'counter', unit: '1', labels: ['method', 'code'] },
  rpcSeconds: { kind: 'histogram', unit: 's', labels: ['method'] },
  rpcActive: { kind: 'gauge', unit: '1', labels: [] },
  ready: { kind: 'gauge', unit: '1', labels: [] },
  residentBytes: { kind: 'gauge', unit: 'By', labels: [] },
  cpuSeconds: { kind: 'gauge', unit: 's', labels: [] },
  eventLoopSeconds: { kind: 'gauge', unit: 's', labels: [] },
  catalogVersions: { kind: 'gauge', unit: '1', labels: [] },
  catalogPending: { kind: 'gauge', unit: '1', labels: [] },
  catalogRefuses: { kind: 'gauge', unit: '1', labels: [] },
  backupSequence: { kind: 'gauge', unit: '1', labels: ['journal'] },
  backupSyncs: { kind: 'counter', unit: '1', labels: ['journal'] },
  backupAppends: { kind: 'counter', unit: '1', labels: ['journal'] },
  backupSnapshotSeconds: { kind: 'gauge', unit: 's', labels: [] },
  backupMarkdownPending: { kind: 'gauge', unit: '1', labels: [] },
  schedulerWorkers: { kind: 'gauge', unit: '1', labels: [] },
  schedulerJobs: { kind: 'gauge', unit: '1', labels: ['phase'] },
  schedulerQueueSeconds: { kind: 'gauge', unit: 's', labels: [] },
  schedulerTasksQueued: { kind: 'gauge', unit: '1', labels: [] },
  schedulerTasksRunning: { kind: 'gauge', unit: '1', labels: [] },
  schedulerSlots: { kind: 'gauge', unit: '1', labels: [] },
  schedulerQueuedWork: { kind: 'gauge', unit: 's', labels: [] },
  schedulerHeldBytes: { kind: 'gauge', unit: 'By', labels: [] },
  autoscalerWorkers: { kind: 'gauge', unit: '1', labels: ['state'] },
  autoscalerChanges: { kind: 'counter', unit: '1', labels: ['direction', 'rule'] },
  autoscalerFailures: { kind: 'counter', unit: '1', labels: ['which'] },
  workerTasks: { kind: 'counter', unit: '1', labels: ['outcome'] },
  workerBlockBytes: { kind: 'gauge', unit: 'By', labels: ['where'] },
  workerCacheBytes: { kind: 'gauge', unit: 'By', labels: [] },
  workerStorageBytes: { kind: 'gauge', unit: 'By', labels: [] },
  workerStorageRequests: { kind: 'gauge', unit: '1', labels: [] },
  workerReceivedBytes: { kind: 'gauge', unit: 'By', labels: [] },
  workerReceivingSeconds: { kind: 'gauge', unit: 's', labels: [] },
  workerMemoryLimit: { kind: 'gauge', unit: 'By', labels: [] },
  dapRequests: { kind: 'counter', unit: '1', labels: ['form', 'status'] },
  dapBroken: { kind: 'counter', unit: '1', labels: [] },
  dapActive: { kind: 'gauge', unit: '1', labels: [] },
  dashboardRequests: { kind: 'counter', unit: '1', labels: ['kind', 'status'] },
  dashboardViewers: { kind: 'gauge', unit: '1', labels: [] },
};

/** Every span: name and what it covers. Names are few; what tells one span from the next is in its attributes. */
export const spanNames = {
  command: ['hyperslab COMMAND', 'a run of the command line, named by its command: `hyperslab compute`'],
  call: ['SERVICE/METHOD', 'a call, as its caller (kind client) and who answers it (kind server) see it'],
  request: ['METHOD ROUTE', 'a request to the OPeNDAP gateway: `GET dods`'],
  job: ['job', 'a job, from its acceptance to its end'],
  task: ['task', 'a task on a worker, with what it waits for'],
  storageRead: ['storage.read', 'one request to storage: a run of bytes of an object'],
} as const;

/** Every attribute of spans: name and meaning. Those without `hyperslab.` are OpenTelemetry's semantic conventions. */
export const attributeNames = {
  errorType: ['error.type', 'why it failed: a reason of `libs/errors`'],
  rpcSystem: ['rpc.system.name', '`grpc`'],
  rpcMethod: ['rpc.method', 'full name of the method'],
  rpcStatus: ['rpc.response.status_code', 'gRPC status, as a word'],
  httpMethod: ['http.request.method', '`GET` or `HEAD`'],
  httpRoute: ['http.route', 'form of the answer: `dds`, `dods`, `list` …'],
  httpStatus: ['http.response.status_code', 'HTTP status'],
  urlPath: ['url.path', 'path, without the constraint'],
  caller: ['hyperslab.caller', 'who asks'],
  job: ['hyperslab.job', 'identity of the job'],
  jobKind: ['hyperslab.job.kind', 'compute, persist, publish or inspect'],
  jobPhase: ['hyperslab.job.phase', 'how it ended'],
  stage: ['hyperslab.stage', 'number of the stage in its plan'],
  task: ['hyperslab.task', 'number of the task in its stage'],
  attempt: ['hyperslab.attempt', 'which try of the task, from 1'],
  blockBytes: ['hyperslab.block.bytes', 'bytes of the block that the task made'],
  readsLeftOut: ['hyperslab.reads.left_out', 'reads of storage beyond those that have spans of their own'],
  object: ['hyperslab.object', 'scheme, host and path of the object; never credentials or a query'],
  offset: ['hyperslab.range.offset', 'where the read begins, bytes'],
  length: ['hyperslab.range.length', 'how many bytes it brought'],
} as const;

/** Every key that log lines carry beside pino's own. */
export const logKeys = {
  service: 'service',
  traceId: 'trace_id',
  spanId: 'span_id',
  method: 'method',
  caller: 'caller',
  code: 'code',
  reason: 'reason',
  milliseconds: 'ms',
  address: 'address',
  http: 'http',
  error: 'err',
  cause: 'cause',
  worker: 'worker',
  job: 'job',
  kind: 'kind',
  phase: 'phase',
  task: 'task',
  url: 'url',
  path: 'path',
  folder: 'folder',
  key: 'key',
  snapshotId: 'snapshotId',
  catalogSequence: 'catalogSequence',
  schedulerSequence: 'schedulerSequence',
  bytes: 'bytes',
  events: 'events',
  before: 'before',
  after: 'after',
} as const;
