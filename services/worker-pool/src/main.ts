import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { kernelVersion } from '@hyperslab/kernels';
import { CatalogServiceClient } from '@hyperslab/proto/catalog';
import { type WorkerHello, WorkerLinkServiceClient } from '@hyperslab/proto/scheduler';
import { connect, type RunningService, runService, type ServiceEnvironment, serve } from '@hyperslab/rpc';
import { metricNames } from '@hyperslab/telemetry';
import { BlockFinder } from './blocks/block-finder.ts';
import type { BlockKey } from './blocks/block-key.ts';
import { BlockStore } from './blocks/block-store.ts';
import { BlockTaker } from './blocks/block-taker.ts';
import { Peers } from './blocks/peers.ts';
import { SpillFolder } from './blocks/spill-folder.ts';
import { countBuffersWithHeap } from './buffers-in-heap-limit.ts';
import { CatalogVariables } from './chunks/catalog-variables.ts';
import { chunkService } from './chunks/chunk-service.ts';
import { codeVersion } from './code-version.ts';
import { GivenUpOutputs } from './link/given-up-outputs.ts';
import { RunningTasks } from './link/running-tasks.ts';
import { SchedulerLink } from './link/scheduler-link.ts';
import { LoopDelay } from './loop-delay.ts';
import { memoryBudget } from './memory-budget.ts';
import { MemoryWatch } from './memory-watch.ts';
import { observeWorker } from './observe-worker.ts';
import { openRangeFolder } from './threads/range-folder.ts';
import { ThreadMemory } from './threads/thread-memory.ts';
import { ThreadPool } from './threads/thread-pool.ts';
import { workerReport } from './worker-report.ts';

/** Of the time that a worker has to stop: until when its tasks may run, and until when its blocks may be taken over. */
const shares = { tasks: 0.5, handOver: 0.8 };

await runService('worker-pool', start);

async function start({ config, log, metrics }: ServiceEnvironment): Promise<RunningService> {
  const workerId = randomUUID();
  const scheduler = connect(WorkerLinkServiceClient, config.scheduler, { caller: 'worker-pool' });
  const catalog = connect(CatalogServiceClient, config.catalog, { caller: 'worker-pool' });
  const traffic = { sent: 0, received: 0 };
  const peers = new Peers(traffic);
  const folder = await SpillFolder.open(join(config.state, 'workers'));
  const limitBytes = config.workerMemory;
  countBuffersWithHeap(limitBytes);
  const budget = memoryBudget(limitBytes, config.workerThreads, {
    cacheBytes: config.workerCacheBytes,
    slots: config.workerSlots,
  });
  const { cacheBytes, blockBytes, slots, guests, reads, streams, heldBytes, arenaBytes } = budget;
  const onLost = ({ jobId, stage, task, listing }: BlockKey) =>
    link.say({ $case: 'lost', value: { jobId, stage, tasks: [task], listing } });
  const store = new BlockStore(folder, blockBytes, onLost);
  // Known only once the server listens.
  const own = { address: '', kernelVersion };
  const ending = (key: BlockKey) => tasks.ending(key);
  const finder = new BlockFinder({ store, peers, scheduler, own, onLost, ending });
  const ranges =
    config.workerDiskCacheBytes > 0
      ? await openRangeFolder(join(config.state, 'ranges'), config.workerDiskCacheBytes)
      : undefined;
  const threadMemory = new ThreadMemory(config.workerThreads, arenaBytes, cacheBytes);
  const threads = new ThreadPool({
    threads: config.workerThreads,
    data: {
      roots: config.dataRoots,
      outputRoots: config.outputRoots,
      objects: config.objects,
      maker: config.indexAge === 0 ? '' : await codeVersion(),
      scratch: folder.path,
      nativeCodecs: config.nativeCodecs,
      weightBytes: budget.weightBytes,
      ranges,
    },
    memory: threadMemory,
    blocks: (key, alone, signal) => finder.forTask(key, signal, alone),
    log,
    reads,
    streams,
    onHopeless: (error) => {
      // Nobody catches it: the process ends, which whoever supervises it shows, rather than holds tasks that it can't run.
      throw error;
    },
  });
  const memory = new MemoryWatch({
    limitBytes,
    blockBytes,
    store,
    threads,
    threadMemory,
    onRoom: () => tasks.startWaiting(),
  });
  const outputs = new GivenUpOutputs(config.outputRoots, log);
  const tasks = new RunningTasks({
    slots,
    guests,
    heldBytes,
    threads,
    store,
    finder,
    outputs,
    log,
    ended: metrics.counter(...metricNames.workerTasks),
    hasRoom: () => memory.hasRoom,
    link: {
      failed: (report) => link.failed(report),
      done: (...done) => link.done(...done),
      returned: (task) => link.returned(task),
    },
  });
  const loopDelay = new LoopDelay();
  const state = () =>
    workerReport({
      store,
      threads,
      threadMemory,
      finder,
      tasks,
      traffic,
      peers,
      loopDelay,
      memoryLimit: limitBytes,
    });
  observeWorker(metrics, state);
  const report = () => {
    const now = state();
    loopDelay.reset();
    return now;
  };
  const hello = (protocolVersion: number): WorkerHello => ({
    workerId,
    address: own.address,
    slots,
    protocolVersion,
    held: heldBlocks(store, tasks),
    memoryLimit: limitBytes,
    kernelVersion,
  });
  const variables = new CatalogVariables(catalog);
  const taker = new BlockTaker({
    store,
    peers,
    fingerprintOf: (jobId) => tasks.fingerprintOf(jobId),
    log,
    report: (taken) => link.say({ $case: 'taken', value: taken }),
  });
  const link = new SchedulerLink({ scheduler, tasks, taker, hello, state: report, log });

  const server = await serve({
    service: 'worker-pool',
    bind: config.bind,
    port: config.workerPort,
    allowedHosts: config.allowedHosts,
    services: [
      chunkService({
        store,
        finder,
        threads,
        variables,
        scheduler,
        making: (jobId) => tasks.makingResultOf(jobId),
        running: (jobId) => tasks.runningResultOf(jobId),
        fingerprintOf: (jobId) => tasks.fingerprintOf(jobId),
        traffic,
        onLost,
        kernelVersion,
      }),
    ],
    log,
    metrics,
    readiness: () => {
      if (!threads.ready) return 'its threads are starting';
      return link.connected ? undefined : `the scheduler at ${config.scheduler} does not answer`;
    },
    requestTimeoutMs: config.requestTimeout,
  });
  own.address = `${config.advertise ?? config.bind}:${server.port}`;
  link.start();
  return {
    async stop(graceMs) {
      const deadline = performance.now() + graceMs;
      server.setServing(false);
      const handOver = link.drain(graceMs * shares.handOver);
      await tasks.drain(graceMs * shares.tasks);
      const drained = await handOver;
      if (drained === undefined) log.warn('going although nobody said that no block is needed any more');
      else log.info(drained, `handed over ${drained.handedOver} blocks; ${drained.left} will be made again`);
      await link.close();
      await server.stop(deadline - performance.now());
      outputs.close();
      memory.stop();
      loopDelay.stop();
      await threads.close();
      peers.close();
      scheduler.close();
      catalog.close();
      await folder.close();
    },
  };
}

/** What is held, and the jobs that are known without blocks: the scheduler says which to forget. */
function heldBlocks(store: BlockStore, tasks: RunningTasks): WorkerHello['held'] {
  const held = store.held((jobId) => tasks.fingerprintOf(jobId));
  const named = new Set(held.map(({ jobId }) => jobId));
  const others = tasks.jobs().filter((jobId) => !named.has(jobId));
  return [
    ...held,
    ...others.map((jobId) => ({
      jobId,
      stage: 0,
      tasks: [],
      sizes: [],
      fingerprint: tasks.fingerprintOf(jobId),
    })),
  ];
}
