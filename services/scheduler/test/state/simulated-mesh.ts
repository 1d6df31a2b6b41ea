import assert from 'node:assert/strict';
import { StageKind } from '@hyperslab/proto/expression';
import type { HeldBlocks, RunDone, TaskId, TaskRun } from '@hyperslab/proto/scheduler';
import { protocolVersions, runsSince } from '@hyperslab/rpc';
import { History } from '../../src/history/history.ts';
import { loadOf } from '../../src/history/job-tallies.ts';
import { checkInvariants } from '../../src/state/check-invariants.ts';
import type { Effect } from '../../src/state/effects.ts';
import type { SchedulerEvent } from '../../src/state/events.ts';
import {
  emptyState,
  type JobDefinition,
  type JobRun,
  type SchedulerLimits,
  type SchedulerState,
} from '../../src/state/scheduler-state.ts';
import { addRun, tasksOf } from '../../src/state/task-runs.ts';
import { transition } from '../../src/state/transitions.ts';
import { limits } from './example-plans.ts';

/** A block, and which kernels made it. */
interface SimulatedBlock extends TaskId {
  kernelVersion: string;
}

interface SimulatedWorker {
  id: string;
  slots: number;
  versions: { kernelVersion: string; protocolVersion: number };
  queue: TaskId[];
  /** Tasks that it had begun when it lost its connection: it goes on with them, and nobody counts on that. */
  strays: TaskId[];
  plans: Set<string>;
  blocks: Map<string, SimulatedBlock>;
  draining: boolean;
  /** What it is asked to take over. */
  takes: Take[];
  /** It was told that it may go. */
  drained?: { handedOver: number; left: number };
}

type Take = Extract<Effect, { type: 'SendTakeBlocks' }>;

interface JoinOptions {
  held?: HeldBlocks[];
  kernelVersion?: string;
  protocolVersion?: number;
}

/** Workers that do as the effects say, on a clock that only the test moves; checks the invariants after each event. */
export class SimulatedMesh {
  /** Of a scheduler that began long ago: no worker is on its way back to it. */
  state: SchedulerState;
  history: History;
  readonly workers = new Map<string, SimulatedWorker>();
  /** Objects that the next listing finds. */
  objects = 5;
  now = 1000;
  /** Of plans, by job; workers know them longer than a scheduler does. */
  readonly #fingerprints = new Map<string, string>();
  /** Jobs whose dataset is asked for. */
  readonly fetches: string[] = [];
  readonly ended: string[] = [];
  /** How often each task failed by its own fault. */
  readonly faults = new Map<string, { tries: number; final: boolean }>();
  started = 0;

  constructor(different: Partial<SchedulerLimits> = {}) {
    this.state = emptyState({ ...limits, ...different }, -60_000);
    this.history = new History(this.state, 'epoch', 'here', 1000);
  }

  send(event: SchedulerEvent): Effect[] {
    if (event.type === 'JobAccepted') this.#fingerprints.set(event.job.id, event.job.fingerprint);
    const effects = transition(this.state, event, this.now);
    assert.deepEqual(checkInvariants(this.state), [], `after ${JSON.stringify(event)}`);
    this.history.observe(event, effects, this.now);
    this.#checkLoad(event);
    for (const effect of effects) this.#carryOut(effect);
    return effects;
  }

  join(
    id: string,
    slots = 2,
    { held = [], kernelVersion = '1', protocolVersion = protocolVersions.newest }: JoinOptions = {},
  ): void {
    const versions = { kernelVersion, protocolVersion };
    const own = {
      queue: [],
      strays: [],
      plans: new Set<string>(),
      blocks: new Map(),
      takes: [],
      draining: false,
    };
    this.workers.set(id, { id, slots, versions, ...own });
    this.send({ type: 'WorkerJoined', workerId: id, address: `${id}:1`, slots, ...versions, held });
  }

  /** Lets a worker lose its connection and come back with what it holds; it goes on with what it has begun. */
  reconnect(id: string): void {
    const worker = this.workers.get(id);
    if (worker === undefined) return;
    const { slots, versions, blocks, draining } = worker;
    this.send({ type: 'WorkerLeft', workerId: id });
    worker.strays.push(...worker.queue.splice(0, slots));
    worker.queue = [];
    const held = [...blocks.values()].map(({ jobId, stage, task }) => {
      return { jobId, stage, tasks: [task], sizes: [8], fingerprint: this.#fingerprintOf(jobId) };
    });
    const known = [...worker.plans].map((jobId) => {
      return { jobId, stage: 0, tasks: [], sizes: [], fingerprint: this.#fingerprintOf(jobId) };
    });
    const joined = { workerId: id, address: `${id}:1`, slots, ...versions, held: [...held, ...known] };
    this.send({ type: 'WorkerJoined', ...joined });
    if (draining) this.stop(id);
  }

  /**
   * Another scheduler begins. Jobs that are persisted are planned again, clients submit theirs again, and workers come back and finish one
   * of the tasks that they had begun, all of them in an order that follows from a number.
   */
  restart(jobs: readonly JobDefinition[], order: number): void {
    this.state = emptyState(this.state.limits, this.now);
    this.history = new History(this.state, 'epoch', 'here', 1000);
    this.fetches.length = 0;
    this.ended.length = 0;
    for (const { id: jobId, kind } of jobs) if (kind === 'persist') this.send({ type: 'JobExpected', jobId });
    const busy = [...this.workers.keys()].filter((id) => this.workers.get(id)!.queue.length > 0);
    const steps = [
      ...jobs.map((job) => () => this.send({ type: 'JobAccepted', job: { ...job, resumed: true } })),
      ...[...this.workers.keys()].map((id) => () => this.reconnect(id)),
      ...busy.map((id) => () => this.finishStray(id)),
    ];
    for (let next = order; steps.length > 0; next = (next * 31 + 7) % 1009)
      steps.splice(next % steps.length, 1)[0]();
  }

  leave(id: string): void {
    this.workers.delete(id);
    this.send({ type: 'WorkerLeft', workerId: id });
  }

  /** Lets a worker finish its task number `at`, if its inputs are where the scheduler takes them to be. It says how long that took if told to. */
  finish(id: string, at = 0, runMs?: number): void {
    const worker = this.workers.get(id);
    const task = worker?.queue[at];
    if (worker === undefined || task === undefined) return;
    worker.queue.splice(at, 1);
    const lost = this.#missingInput(task);
    if (lost !== undefined) {
      const error = { code: 5, reason: 'BLOCK_NOT_FOUND', message: `no block ${lost}`, details: {} };
      this.send({ type: 'TaskFailed', workerId: id, task, error, retryable: true });
      return;
    }
    worker.blocks.set(blockKey(task), { ...task, kernelVersion: worker.versions.kernelVersion });
    const objects = this.#lists(task) ? this.objects : 0;
    this.send({ type: 'TaskDone', workerId: id, task, bytes: 8, objects, runMs });
  }

  /** Lets a worker finish a task that it had begun before it lost its connection. */
  finishStray(id: string): void {
    const worker = this.workers.get(id);
    const task = worker?.strays.shift();
    if (worker === undefined || task === undefined) return;
    worker.blocks.set(blockKey(task), { ...task, kernelVersion: worker.versions.kernelVersion });
    this.send({ type: 'TaskDone', workerId: id, task, bytes: 8, objects: 0 });
  }

  /**
   * Lets a worker finish its first tasks, as many as `most`, and say so at once, in any order of runs; each took so long.
   * Those that list objects, or whose inputs are not where they should be, it leaves for later.
   */
  finishTogether(id: string, most: number, taskUs: number): void {
    const worker = this.workers.get(id);
    if (worker === undefined) return;
    const isPlain = (task: TaskId) => this.#missingInput(task) === undefined && !this.#lists(task);
    const ended = worker.queue.filter(isPlain).slice(0, most);
    worker.queue = worker.queue.filter((task) => !ended.includes(task));
    for (const task of ended)
      worker.blocks.set(blockKey(task), { ...task, kernelVersion: worker.versions.kernelVersion });
    const done = runsOf(ended).map((run): RunDone => {
      const sizes = run.count % 2 === 0 ? [8] : Array.from({ length: run.count }, () => 8);
      return { run, sizes, runUs: run.count * taskUs };
    });
    this.send({ type: 'TasksEnded', workerId: id, done: done.reverse(), returned: [] });
  }

  fail(id: string, at: number, retryable: boolean): void {
    const worker = this.workers.get(id);
    const task = worker?.queue[at];
    if (worker === undefined || task === undefined) return;
    worker.queue.splice(at, 1);
    const key = taskKey(task.jobId, task.stage, task.task);
    const { tries, final } = this.faults.get(key) ?? { tries: 0, final: false };
    this.faults.set(key, { tries: tries + 1, final: final || !retryable });
    const error = { code: 14, reason: 'STORAGE_UNAVAILABLE', message: 'oops', details: {} };
    this.send({ type: 'TaskFailed', workerId: id, task, error, retryable });
  }

  /** Lets a worker lose one of its blocks, and say so. */
  lose(id: string, at: number): void {
    const worker = this.workers.get(id);
    const lost = [...(worker?.blocks ?? [])][at];
    if (worker === undefined || lost === undefined) return;
    const [key, { jobId, stage, task, listing }] = lost;
    worker.blocks.delete(key);
    this.send({ type: 'BlocksLost', workerId: id, jobId, stage, tasks: [task], listing });
  }

  /** Has a worker say that it is about to go; what it has not begun, all but `begun` tasks, it returns. */
  stop(id: string, begun = 0): void {
    const worker = this.workers.get(id);
    if (worker === undefined) return;
    worker.draining = true;
    this.send({ type: 'WorkerDraining', workerId: id });
    if (worker.versions.protocolVersion >= runsSince) {
      const returned = runsOf(worker.queue.splice(begun));
      this.send({ type: 'TasksEnded', workerId: id, done: [], returned });
      return;
    }
    const error = { code: 1, reason: 'CANCELLED', message: 'this worker is about to go', details: {} };
    for (const task of worker.queue.splice(begun))
      this.send({ type: 'TaskFailed', workerId: id, task, error, retryable: true });
  }

  /** Lets a worker take over what it was first asked to, all but the last `refused` blocks, and say so. */
  take(id: string, refused = 0): void {
    const worker = this.workers.get(id);
    const asked = worker?.takes.shift();
    if (worker === undefined || asked === undefined) return;
    const { from, jobId, stage, listing } = asked;
    const source = [...this.workers.values()].find((each) => `${each.id}:1` === from);
    const tasks = asked.tasks.slice(0, asked.tasks.length - refused).filter((task) => {
      const key = blockKey({ jobId, stage, task, listing });
      const block = source?.blocks.get(key);
      if (block !== undefined && worker.plans.has(jobId)) worker.blocks.set(key, block);
      return worker.blocks.has(key);
    });
    this.send({ type: 'BlocksTaken', workerId: id, from, jobId, stage, tasks });
  }

  /** Lets time go by and workers take over what they are asked to, until nobody is asked any more. */
  moveAll(): void {
    this.now += 250;
    this.send({ type: 'Tick' });
    for (let round = 0; round < 1000; round++) {
      const asked = [...this.workers.values()].filter(({ takes }) => takes.length > 0);
      if (asked.length === 0) return;
      for (const { id } of asked) this.take(id);
    }
    assert.fail('blocks move for ever');
  }

  /** Workers have just the tasks that are counted as running there: another would run for nobody, or never end. */
  checkQueues(): void {
    for (const { id, ordinal, running } of this.state.workers.values()) {
      const { queue } = this.workers.get(id)!;
      const isCounted = ({ jobId, stage, task, attempt }: TaskId) => {
        const table = this.state.jobs.get(jobId)?.stages[stage]?.tasks;
        return table?.workerOf(task) === ordinal && table.attemptOf(task) === attempt;
      };
      const strays = queue.filter((task) => !isCounted(task));
      assert.deepEqual([strays, queue.length], [[], running.size], id);
    }
  }

  /** Runs everything there is, worker by worker. */
  drain(): void {
    for (let round = 0; round < 10_000; round++) {
      const busy = [...this.workers.values()].filter(({ queue }) => queue.length > 0);
      for (const jobId of this.fetches.splice(0))
        this.send({ type: 'CommitDone', jobId, published: 'a@1', cubes: 1, leftOut: [] });
      if (busy.length === 0 && this.fetches.length === 0) return;
      for (const { id } of busy) this.finish(id);
    }
    assert.fail('it never ends');
  }

  /** The load that is kept must be the one that a walk over all jobs finds. */
  #checkLoad(event: SchedulerEvent): void {
    const walked = { waiting: 0, open: 0, slotSeconds: 0, heldBytes: 0, running: 0 };
    for (const job of this.state.jobs.values()) {
      const load = loadOf(job);
      for (const name of Object.keys(walked) as (keyof typeof walked)[]) walked[name] += load[name];
    }
    const { slotSeconds, ...counts } = this.history.load;
    const { slotSeconds: walkedSeconds, ...walkedCounts } = walked;
    assert.deepEqual(counts, walkedCounts, `after ${JSON.stringify(event)}`);
    assert.ok(Math.abs(slotSeconds - walkedSeconds) < 1e-6, `${slotSeconds} s for ${walkedSeconds}`);
  }

  #fingerprintOf(jobId: string): string {
    return this.#fingerprints.get(jobId) ?? `plan of ${jobId}`;
  }

  #lists({ jobId, stage }: TaskId): boolean {
    return this.state.jobs.get(jobId)?.plan.stages[stage].kind === StageKind.STAGE_KIND_EXPAND;
  }

  #missingInput(id: TaskId): string | undefined {
    const job = this.state.jobs.get(id.jobId);
    if (job === undefined) return undefined;
    for (const read of job.reads) {
      const missing = this.#missingBlock(read, read.stages.length - 1, '');
      if (missing !== undefined) return missing;
    }
    for (const input of job.plan.stages[id.stage].inputs) {
      const missing = this.#missingBlock(job, input, id.listing);
      if (missing !== undefined) return missing;
    }
    return undefined;
  }

  /** A block of a stage that is not where the scheduler takes it to be. */
  #missingBlock(job: JobRun, stage: number, listing: string): string | undefined {
    const table = job.stages[stage]?.tasks;
    for (let task = 0; task < (table?.count ?? 0); task++) {
      const key = blockKey({ jobId: job.id, stage, task, listing });
      const holder = this.state.workersByOrdinal.get(table!.workerOf(task));
      if (holder === undefined || !this.workers.get(holder.id)?.blocks.has(key)) return key;
    }
    return undefined;
  }

  #carryOut(effect: Effect): void {
    if (effect.type === 'FetchDataset') this.fetches.push(effect.jobId);
    if (effect.type === 'JobEnded') this.ended.push(effect.jobId);
    if (!('workerId' in effect)) return;
    const worker = this.workers.get(effect.workerId);
    if (effect.type === 'DropWorker') this.workers.delete(effect.workerId);
    if (worker === undefined) return;
    if (effect.type === 'SendPlan') worker.plans.add(effect.jobId);
    if (effect.type === 'SendTasks') {
      const tasks = tasksOf(effect.runs);
      this.started += tasks.length;
      for (const task of tasks)
        assert.ok(worker.plans.has(task.jobId), `${worker.id} got a task before its plan`);
      // A new try of a task ends one that still runs.
      const isAgain = (stray: TaskId) => tasks.some((task) => isSameTask(task, stray));
      worker.strays = worker.strays.filter((stray) => !isAgain(stray));
      worker.queue.push(...tasks);
    }
    if (effect.type === 'SendTakeBlocks') {
      assert.ok(worker.plans.has(effect.jobId), `${worker.id} is to take blocks before their plan`);
      worker.takes.push(effect);
    }
    if (effect.type === 'SendDrained') {
      assert.equal(worker.queue.length, 0, `${worker.id} was told to go and has tasks`);
      worker.drained = effect;
    }
    if (effect.type === 'SendForget') {
      const { jobId, stages } = effect;
      const isForgotten = ({ stage }: TaskId) => stages.length === 0 || stages.includes(stage);
      for (const [key, task] of worker.blocks)
        if (task.jobId === jobId && isForgotten(task)) worker.blocks.delete(key);
      if (stages.length === 0) worker.plans.delete(jobId);
      const remains = (task: TaskId) => task.jobId !== jobId || !isForgotten(task);
      worker.queue = worker.queue.filter(remains);
      worker.strays = worker.strays.filter(remains);
    }
  }
}

function runsOf(tasks: readonly TaskId[]): TaskRun[] {
  const runs: TaskRun[] = [];
  for (const { task: first, ...id } of tasks) addRun(runs, { ...id, first, count: 1 });
  return runs;
}

function isSameTask(one: TaskId, other: TaskId): boolean {
  return one.jobId === other.jobId && one.stage === other.stage && one.task === other.task;
}

/** Name of a task. */
function taskKey(jobId: string, stage: number, task: number): string {
  return `${jobId}/${stage}/${task}`;
}

/** Name of the block of a task: of one listing only. */
export function blockKey({
  jobId,
  stage,
  task,
  listing,
}: Pick<TaskId, 'jobId' | 'stage' | 'task' | 'listing'>): string {
  return `${taskKey(jobId, stage, task)}${listing === '' ? '' : `@${listing}`}`;
}
