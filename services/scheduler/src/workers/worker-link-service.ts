import { HyperslabError } from '@hyperslab/errors';
import {
  type LocateBlocksRequest,
  type SchedulerMessage,
  type WorkerHello,
  WorkerLinkServiceService,
  type WorkerMessage,
} from '@hyperslab/proto/scheduler';
import {
  type CallContext,
  duplex,
  implement,
  type MessageQueue,
  protocolVersions,
  type ServedService,
  unary,
} from '@hyperslab/rpc';
import { locateBlocks, locateMade, mostBlocks, readableJob } from '../jobs/locate-blocks.ts';
import type { Scheduler } from '../scheduler.ts';
import { runOf } from '../state/shared-results.ts';

const reportIntervalMs = 1_000;

/** WorkerLinkService: registers workers for as long as they are connected and tells where blocks are. */
export function workerLinkService(scheduler: Scheduler): ServedService {
  const { state, changes } = scheduler;
  return implement(WorkerLinkServiceService, {
    connect: duplex((requests, context) => serveWorker(scheduler, requests, context)),
    locateBlocks: unary(async (request, { signal }) => {
      await scheduler.recovered(request.jobId, signal);
      if (!request.mustExist) scheduler.dispatch({ type: 'ResultRead', jobId: request.jobId });
      for (const address of request.unreachable) loseBlocksAt(scheduler, address, request);
      return locateBlocks(state, changes, request, signal);
    }),
    describeResult: unary(async ({ jobId, firstBlock, blocks }, { signal }) => {
      await scheduler.recovered(jobId, signal);
      const job = readableJob(state, jobId);
      if (job.plan.result === undefined) {
        throw new HyperslabError('INVALID_ARGUMENT', `job ${jobId}: it is no computation and has no result`);
      }
      scheduler.dispatch({ type: 'ResultRead', jobId });
      const stage = job.plan.stages.length - 1;
      const { result, stages } = job.plan;
      const located = locateMade(state, job, firstBlock, blocks);
      return { result, stage, tasks: stages[stage].tasks, blocksOf: runOf(job).id, located };
    }),
  });
}

/** Blocks that a peer tried several times to fetch in vain are made again. */
function loseBlocksAt(scheduler: Scheduler, address: string, request: LocateBlocksRequest): void {
  const { jobId, stage, first, count } = request;
  const worker = [...scheduler.state.workers.values()].find((each) => each.address === address);
  if (worker === undefined || count > mostBlocks) return;
  const tasks = Array.from({ length: count }, (_, at) => first + at);
  const listing = request.listing || (scheduler.state.jobs.get(jobId)?.listing ?? '');
  scheduler.dispatch({ type: 'BlocksLost', workerId: worker.id, jobId, stage, tasks, listing });
}

async function* serveWorker(
  scheduler: Scheduler,
  requests: AsyncIterable<WorkerMessage>,
  context: CallContext,
): AsyncGenerator<SchedulerMessage> {
  const messages = requests[Symbol.asyncIterator]();
  const first = await messages.next();
  const hello = first.done ? undefined : first.value.message;
  if (hello?.$case !== 'hello') {
    throw new HyperslabError('INVALID_ARGUMENT', 'worker link: expected a WorkerHello first');
  }
  const { workerId, address, protocolVersion } = checkHello(hello.value);
  const queue = scheduler.links.open(workerId);
  queue.push({ message: { $case: 'welcome', value: { reportIntervalMs, protocolVersion } } });
  scheduler.dispatch({ type: 'WorkerJoined', ...hello.value });
  context.log.info({ worker: workerId, address }, 'worker joined');
  const listening = listen(scheduler, workerId, queue, messages).catch((error) => {
    // That a worker is gone is told by the queue's end; anything else is a defect of ours.
    if (!context.signal.aborted) context.log.error({ err: error, worker: workerId }, 'the link broke');
    queue.end();
  });
  try {
    yield* queue;
  } finally {
    if (scheduler.links.isCurrent(workerId, queue)) {
      scheduler.links.drop(workerId);
      scheduler.dispatch({ type: 'WorkerLeft', workerId });
    }
    context.log.info({ worker: workerId, address }, 'worker left');
    await listening;
  }
}

function checkHello(hello: WorkerHello): WorkerHello {
  const { workerId, address, slots, protocolVersion: spoken } = hello;
  const { oldest, newest } = protocolVersions;
  if (spoken < oldest || spoken > newest) {
    throw new HyperslabError(
      'INVALID_ARGUMENT',
      `worker ${workerId}: it speaks version ${spoken} of the protocol, expected ${oldest} to ${newest}; ` +
        `update ${spoken < oldest ? 'it' : 'the scheduler'}`,
    );
  }
  if (workerId === '' || !/:\d+$/.test(address) || slots < 1 || slots > 1024) {
    throw new HyperslabError(
      'INVALID_ARGUMENT',
      `worker "${workerId}" at "${address}" with ${slots} slots: expected an identity, host:port and 1 to 1024 slots`,
    );
  }
  return hello;
}

/** Hands on what the worker says, until it says no more: then the connection ends. */
async function listen(
  scheduler: Scheduler,
  workerId: string,
  queue: MessageQueue<SchedulerMessage>,
  messages: AsyncIterator<WorkerMessage>,
): Promise<void> {
  for (;;) {
    const { done, value } = await messages.next();
    if (done || !scheduler.links.isCurrent(workerId, queue)) break;
    hear(scheduler, workerId, value);
  }
  queue.end();
}

function hear(scheduler: Scheduler, workerId: string, { message }: WorkerMessage): void {
  if (message?.$case === 'report') {
    scheduler.dispatch({ type: 'WorkerReported', workerId, report: message.value });
  } else if (message?.$case === 'lost') {
    scheduler.dispatch({ type: 'BlocksLost', workerId, ...message.value });
  } else if (message?.$case === 'taken' && message.value.blocks !== undefined) {
    const { from, blocks } = message.value;
    const { jobId, stage, tasks } = blocks;
    scheduler.dispatch({ type: 'BlocksTaken', workerId, from, jobId, stage, tasks });
  } else if (message?.$case === 'ended') {
    scheduler.dispatch({ type: 'TasksEnded', workerId, ...message.value });
  } else if (message?.$case === 'draining') scheduler.dispatch({ type: 'WorkerDraining', workerId });
  else if (message?.$case === 'done' && message.value.task !== undefined) {
    const { task, bytes, objects, runMs } = message.value;
    scheduler.dispatch({ type: 'TaskDone', workerId, task, bytes, objects, runMs });
  } else if (message?.$case === 'failed' && message.value.task !== undefined) {
    const { task, error, retryable, runMs } = message.value;
    const unsaid = { code: 13, reason: 'INTERNAL', message: 'the worker did not say why', details: {} };
    scheduler.dispatch({ type: 'TaskFailed', workerId, task, error: error ?? unsaid, retryable, runMs });
  }
}
