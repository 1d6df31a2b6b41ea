/** The code inside a thread: tasks and reads, several at once, as they wait for storage and for blocks. */
import { parentPort, workerData } from 'node:worker_threads';
import { encodeValues, giveBack } from '@hyperslab/array';
import { useNativeCodecs } from '@hyperslab/codecs';
import { HyperslabError } from '@hyperslab/errors';
import { boundRows, keepFewerRows } from '@hyperslab/expression';
import { shareArena, warmKernels } from '@hyperslab/kernels';
import { Plan, StageKind } from '@hyperslab/proto/expression';
import { ReadArrayRequest } from '@hyperslab/proto/worker';
import { readSlabs } from '@hyperslab/reader';
import { fromJobError, jobError } from '@hyperslab/rpc';
import { collectGarbage } from '../collect-garbage.ts';
import { runTask } from '../tasks/run-task.ts';
import { createTaskEnvironment } from '../tasks/task-environment.ts';
import type { TaskRequest } from '../tasks/task-request.ts';
import { CancelledWork } from './cancelled-work.ts';
import { MadeBlocks, ownBytes } from './made-blocks.ts';
import type { FromThread, ThreadData, ToThread } from './messages.ts';
import { ReadLog } from './read-log.ts';
import { countShared } from './shared-bytes.ts';

const port = parentPort!;
const countsIntervalMs = 1_000;
/**
 * A thread that has nothing to do for so long gives back what its work left, if that is much: others may need the memory. Not after each small piece of work, for
 * a collection takes tens of milliseconds, for which the next piece would wait.
 */
const idleMs = 500;
const muchBytes = 32 * 2 ** 20;

const data = workerData as ThreadData;
useNativeCodecs(data.nativeCodecs);
boundRows(data.weightBytes);
if (data.shared !== undefined) shareArena(data.shared.arena, data.shared.owner, data.shared.stage);
const environment = createTaskEnvironment(data);
const cancelled = new CancelledWork(data.cancelled);
const plans = new Map<string, Plan>();
const running = new Map<number, { controller: AbortController; jobId?: string; more: () => void }>();
const queries = new Map<number, { resolve: (bytes: Uint8Array) => void; reject: (error: unknown) => void }>();
let nextQuery = 0;
let idle: NodeJS.Timeout | undefined;

port.on('message', (message: ToThread) => {
  switch (message.type) {
    case 'forget':
      plans.delete(message.jobId);
      break;
    case 'task':
      learnPlan(message);
      start(message, message.jobId, (signal) => task(message, signal));
      break;
    case 'tasks':
      learnPlan(message);
      start(message, message.jobId, (signal) => tasks(message, signal));
      break;
    case 'array':
      start(message, undefined, (signal) => array(message, signal));
      break;
    case 'more':
      running.get(message.id)?.more();
      break;
    case 'abort':
      abort(message.id);
      break;
    case 'collect':
      keepFewerRows();
      collectGarbage(message.leastMade);
      break;
    case 'block':
      answer(message);
      break;
  }
});

setInterval(() => say({ type: 'counts', counts: environment.counts() }), countsIntervalMs).unref();

warmKernels();
say({ type: 'ready' });

function say(message: FromThread, moved: ArrayBuffer[] = []): void {
  port.postMessage(message, moved);
}

function abort(id: number): void {
  running.get(id)?.controller.abort(new HyperslabError('CANCELLED', 'cancelled'));
}

/** For work that computes: the message that it is cancelled comes when it is done. */
function throwIfCancelled(id: number, signal: AbortSignal): void {
  if (!cancelled.has(id)) return;
  abort(id);
  signal.throwIfAborted();
}

/** Memory that goes to the main thread with a block, which is all that lies in it. */
function handedOver({ buffer }: Uint8Array): ArrayBuffer[] {
  return buffer instanceof ArrayBuffer ? [buffer] : [];
}

function learnPlan({ jobId, plan }: Extract<ToThread, { type: 'task' | 'tasks' }>): void {
  if (plan !== undefined) plans.set(jobId, Plan.decode(plan));
}

/** Runs a piece of work, and tells how it ended: what it answers, or what it failed with. */
function start(
  { id, traced }: { id: number; traced: boolean },
  jobId: string | undefined,
  run: (signal: AbortSignal) => Promise<FromThread>,
): void {
  const controller = new AbortController();
  const { signal } = controller;
  clearTimeout(idle);
  running.set(id, { controller, jobId, more: () => undefined });
  const log = traced ? new ReadLog() : undefined;
  const ended = log === undefined ? run(signal) : log.during(() => run(signal));
  ended
    .catch((error): FromThread => ({ type: 'failed', id, error: jobError(signal.reason ?? error) }))
    .then((last) => {
      running.delete(id);
      if (running.size === 0) idle = setTimeout(collectGarbage, idleMs, muchBytes).unref();
      if (log !== undefined) say({ type: 'reads', id, reads: log.reads, leftOut: log.leftOut });
      say(last, last.type === 'done' || last.type === 'blocks' ? handedOver(last.bytes) : []);
    });
}

async function task(
  { id, jobId, stage, task: number }: Extract<ToThread, { type: 'task' }>,
  signal: AbortSignal,
): Promise<FromThread> {
  const plan = plans.get(jobId);
  if (plan === undefined) throw new HyperslabError('INTERNAL', `job ${jobId}: a task came without its plan`);
  const blocks = new TaskBlocks(id, plan.stages[stage].kind, signal);
  const startedMs = performance.now();
  const request = { jobId, plan, stage, task: number, ...blocks.asked };
  const { bytes, objects } = await runTask(environment, request);
  blocks.giveBack();
  signal.throwIfAborted();
  return { type: 'done', id, bytes: ownBytes(bytes), objects, runMs: performance.now() - startedMs };
}

/** Runs tasks one after the other, and says what they made every few milliseconds. */
async function tasks(
  { id, jobId, stage, first, count }: Extract<ToThread, { type: 'tasks' }>,
  signal: AbortSignal,
): Promise<FromThread> {
  const plan = plans.get(jobId);
  if (plan === undefined) throw new HyperslabError('INTERNAL', `job ${jobId}: a task came without its plan`);
  const blocks = new TaskBlocks(id, plan.stages[stage].kind, signal);
  const made = new MadeBlocks((those) =>
    say({ type: 'blocks', id, ...those, isLast: false }, handedOver(those.bytes)),
  );
  try {
    for (let task = first; task < first + count; task++) {
      made.add((await runTask(environment, { jobId, plan, stage, task, ...blocks.asked })).bytes);
      blocks.giveBack();
      signal.throwIfAborted();
    }
  } catch (error) {
    if (!signal.aborted) made.flush();
    throw error;
  }
  const last = made.take();
  return last === undefined ? { type: 'end', id } : { type: 'blocks', id, ...last, isLast: true };
}

/** The blocks that a piece of work reads, and whether it is cancelled. */
class TaskBlocks {
  readonly asked: Omit<TaskRequest, 'jobId' | 'plan' | 'stage' | 'task'>;
  readonly #own: Uint8Array[] = [];

  constructor(id: number, kind: StageKind, signal: AbortSignal) {
    // Each partial result is merged once.
    const merges = kind === StageKind.STAGE_KIND_REDUCE_COMBINE;
    const ask = async (wanted: Omit<Query, 'type' | 'query' | 'id'>) => {
      const bytes = await query({ id, ...wanted }, signal);
      if (wanted.alone) this.#own.push(bytes);
      return bytes;
    };
    this.asked = {
      readBlock: (stage, task) => ask({ stage, task, alone: merges }),
      readParts: (stage, parts) => ask({ stage, task: parts.tasks[0], parts, alone: true }),
      readBlockOf: (jobId, stage, task) => ask({ jobId, stage, task, alone: false }),
      signal,
      throwIfCancelled: () => throwIfCancelled(id, signal),
    };
  }

  /** The task is done: what it alone had is free. Of one that failed something may still be on its way, which is left to the collector. */
  giveBack(): void {
    for (const bytes of this.#own.splice(0)) giveBack(bytes);
  }
}

type Query = Extract<FromThread, { type: 'query' }>;

function query(wanted: Omit<Query, 'type' | 'query'>, signal: AbortSignal): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) {
      reject(signal.reason);
      return;
    }
    const number = nextQuery++;
    const abort = () => {
      queries.delete(number);
      reject(signal.reason);
    };
    const settle =
      <T>(act: (value: T) => void) =>
      (value: T) => {
        signal.removeEventListener('abort', abort);
        act(value);
      };
    queries.set(number, { resolve: settle(resolve), reject: settle(reject) });
    signal.addEventListener('abort', abort, { once: true });
    say({ type: 'query', query: number, ...wanted });
  });
}

function answer({ query: number, bytes, isHeld, error }: Extract<ToThread, { type: 'block' }>): void {
  const asked = queries.get(number);
  queries.delete(number);
  if (bytes !== undefined) {
    if (bytes.buffer instanceof SharedArrayBuffer && !isHeld) countShared(bytes.length);
    asked?.resolve(bytes);
  } else if (error !== undefined) asked?.reject(fromJobError(error));
}

async function array(
  { id, request, slabBytes }: Extract<ToThread, { type: 'array' }>,
  signal: AbortSignal,
): Promise<FromThread> {
  let room = 0;
  let wake = () => {};
  running.get(id)!.more = () => {
    room++;
    wake();
  };
  signal.addEventListener('abort', () => wake(), { once: true });
  const wanted = ReadArrayRequest.decode(request);
  const slabs = readSlabs(await environment.readRequest(wanted, signal), slabBytes)[Symbol.asyncIterator]();
  for (;;) {
    while (room === 0 && !signal.aborted)
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    signal.throwIfAborted();
    room--;
    const { done, value } = await slabs.next();
    if (done) break;
    const { origin, array: values } = value;
    const { shape, mask } = values;
    // Copies, for they are handed over: values may be those of a chunk that others read, too.
    const slab = {
      origin,
      shape,
      data: new Uint8Array(encodeValues(values)),
      mask: new Uint8Array(mask ?? []),
    };
    say({ type: 'slab', id, slab }, [slab.data.buffer, slab.mask.buffer]);
  }
  return { type: 'end', id };
}
