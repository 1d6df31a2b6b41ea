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

/** Every key that log lines carry beside pino's own. */
export const logKeys = {
  service: 'service',
  traceId: 'trace_id',
  method: 'method',
  caller: 'caller',
  code: 'code',
  reason: 'reason',
  milliseconds: 'ms',
  address: 'address',
} as const;
