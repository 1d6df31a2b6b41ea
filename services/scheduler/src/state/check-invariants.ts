import { guestRoomOf, roomOf } from './open-workers.ts';
import { hasEnded, type JobRun, type SchedulerState, type WorkerRun } from './scheduler-state.ts';
import { type TaskTable, taskStates } from './task-table.ts';
import { priorityInTurn } from './turns.ts';

/**
 * What must hold after every event. Answers a line for each breach.
 *
 * I1 A table's counts are those of its tasks, and its bytes those of its held blocks.
 * I2 A worker's account counts the tasks that run there, and a task runs only on a connected worker.
 * I3 Held blocks are held by connected workers.
 * I4 A waiting task will be come to.
 * I5 Nothing is freed of a stage whose blocks are needed; a job that waits for nothing is not in turn.
 * I6 A released job has no tables, and no worker has its plan or its tasks.
 * I7 A job that runs has something to do, or is in turn.
 * I8 Only connected workers have plans; who runs a task or holds a block has the plan of its job.
 * I9 All tasks that run and blocks that are held of a job are of one version of the kernels.
 * I10 Blocks move from a worker that drains to one that stays, of the same kernels; it is asked for one batch at a time.
 * I11 Workers that take tasks are counted by their kernels, and those among them that have room, or room for guests, are known.
 * I12 A job is expected or there; what is kept of an expected one is with connected workers.
 * I13 Who borrows has nothing of its own, and borrows from an equal job that is not released, and that knows it; both run, or the lender has succeeded.
 * I14 What is kept is a complete result that was given back and that nobody has borrowed or reads, and all such are kept.
 * I15 Who reads a result, persisted or a part of one that was there, is known to it, and it is not released; what is kept for nobody reads nothing.
 * I16 Tasks that run are counted by their callers, but for those of low jobs.
 */
export function checkInvariants(state: SchedulerState): string[] {
  const problems: string[] = [];
  for (const job of state.jobs.values()) {
    job.stages.forEach(({ tasks }, stage) => {
      if (tasks !== undefined) checkTable(state, job, stage, tasks, problems);
    });
    checkJob(state, job, problems);
  }
  checkOpen(state, problems);
  checkExpected(state, problems);
  checkSharing(state, problems);
  checkCallers(state, problems);
  for (const worker of state.workers.values()) {
    checkMoves(state, worker, problems);
    checkAccount(state, worker, problems);
  }
  return problems;
}

function checkTable(
  state: SchedulerState,
  job: JobRun,
  stage: number,
  table: TaskTable,
  problems: string[],
): void {
  const counts = [0, 0, 0, 0];
  let bytes = 0;
  for (let task = 0; task < table.count; task++) {
    const where = `${job.id}/${stage}/${task}`;
    const at = table.stateOf(task);
    counts[at]++;
    bytes += table.bytesOf(task);
    const worker = state.workersByOrdinal.get(table.workerOf(task));
    if (at === taskStates.running && worker === undefined)
      problems.push(`I2: ${where} runs on nobody's account`);
    if (at === taskStates.held && worker === undefined) problems.push(`I3: ${where} is held by nobody`);
    const isThere = at === taskStates.held || at === taskStates.running;
    if (isThere && worker !== undefined) {
      if (!job.workers.has(worker)) problems.push(`I8: ${where} is on ${worker.id}, which has no plan of it`);
      if (job.kernelVersion !== worker.kernelVersion)
        problems.push(`I9: ${where} is of kernels ${worker.kernelVersion}, its job of ${job.kernelVersion}`);
    }
    if (at === taskStates.waiting && !table.isReachable(task)) problems.push(`I4: ${where} is out of reach`);
  }
  if (counts.some((count, at) => count !== table.counts[at as 0]))
    problems.push(`I1: ${job.id}/${stage} counts ${table.counts} for ${counts}`);
  if (bytes !== table.heldBytes)
    problems.push(`I1: ${job.id}/${stage} has ${table.heldBytes} bytes for ${bytes}`);
}

function checkAccount(state: SchedulerState, worker: WorkerRun, problems: string[]): void {
  let size = 0;
  for (const { job, stage, count } of worker.running.entries()) {
    size += count;
    if (state.jobs.get(job.id) !== job || job.stages[stage]?.tasks === undefined)
      problems.push(`I2: ${worker.id} counts ${count} tasks of ${job.id}/${stage}, which has none`);
  }
  if (size !== worker.running.size)
    problems.push(`I2: ${worker.id} counts ${worker.running.size} for ${size}`);
  for (const job of state.jobs.values()) {
    job.stages.forEach(({ tasks }, stage) => {
      let running = 0;
      tasks?.forEachOf(worker.ordinal, (_, at) => {
        if (at === taskStates.running) running++;
      });
      const counted = worker.running.of(job, stage);
      if (counted !== running)
        problems.push(`I2: ${worker.id} counts ${counted} of ${job.id}/${stage} for ${running}`);
    });
  }
}

function checkJob(state: SchedulerState, job: JobRun, problems: string[]): void {
  const tables = job.stages.flatMap(({ tasks }) => tasks ?? []);
  const waits = tables.some(({ counts }) => counts[taskStates.waiting] > 0);
  const runs = tables.some(({ counts }) => counts[taskStates.running] > 0);
  if (waits !== (priorityInTurn(state, job) !== undefined))
    problems.push(`I5: ${job.id} ${waits ? 'is not' : 'is'} in turn`);
  const last = job.stages.at(-1)?.tasks;
  if (last !== undefined && last.counts[taskStates.freed] > 0)
    problems.push(`I5: the result of ${job.id} is freed`);
  if (job.released) {
    if (!job.returned) problems.push(`I6: released ${job.id} is not returned`);
    if (tables.length > 0) problems.push(`I6: released ${job.id} has tables`);
    if (job.workers.size > 0) problems.push(`I6: workers have the plan of released ${job.id}`);
  }
  for (const worker of job.workers) {
    if (state.workers.get(worker.id) !== worker)
      problems.push(`I8: ${worker.id} has the plan of ${job.id} and is not connected`);
  }
  if (job.phase === 'running' && !waits && !runs && job.lender === undefined)
    problems.push(`I7: ${job.id} runs and does nothing`);
  if (hasEnded(job) !== (job.endedMs !== undefined)) problems.push(`I7: ${job.id} ended without a time`);
}

function checkMoves(state: SchedulerState, worker: WorkerRun, problems: string[]): void {
  const { taking, drain } = worker;
  if (taking !== undefined) {
    const { from } = taking;
    if (state.workers.get(from.id) !== from || from.drain === undefined || !from.drain.moves.has(taking))
      problems.push(`I10: ${worker.id} takes blocks from ${from.id}, which does not drain`);
    if (worker.draining || from.kernelVersion !== worker.kernelVersion)
      problems.push(`I10: ${worker.id} is no worker to take blocks from ${from.id}`);
  }
  for (const move of drain?.moves ?? []) {
    if (move.from !== worker || move.to.taking !== move)
      problems.push(`I10: ${move.to.id} does not know what it takes from ${worker.id}`);
  }
  const isDrained = drain !== undefined && !state.drains.has(worker);
  if (isDrained && (worker.running.size > 0 || drain.moves.size > 0))
    problems.push(`I10: ${worker.id} was told to go and has something to do`);
}

function checkOpen(state: SchedulerState, problems: string[]): void {
  const counts = new Map<string, number>();
  for (const worker of state.workers.values()) {
    const { id, kernelVersion, draining } = worker;
    if (!draining) counts.set(kernelVersion, (counts.get(kernelVersion) ?? 0) + 1);
    const isOpen = state.open.get(kernelVersion)?.withRoom.has(worker) ?? false;
    if (isOpen !== (!draining && roomOf(worker, true) > 0))
      problems.push(`I11: ${id} ${isOpen ? 'has no room' : 'has room and is not known to'}`);
    const takesGuests = state.open.get(kernelVersion)?.withGuestRoom.has(worker) ?? false;
    if (takesGuests !== (!draining && guestRoomOf(worker) > 0))
      problems.push(`I11: ${id} ${takesGuests ? 'takes no guests' : 'takes guests and is not known to'}`);
  }
  for (const [version, { count, spoken, withRoom }] of state.open) {
    const speaking = [...spoken.values()].reduce((sum, each) => sum + each, 0);
    if (count !== counts.get(version) || count !== speaking)
      problems.push(`I11: ${count} workers of kernels ${version}`);
    for (const worker of withRoom) {
      if (state.workers.get(worker.id) !== worker) problems.push(`I11: ${worker.id} is not connected`);
    }
  }
}

function checkCallers(state: SchedulerState, problems: string[]): void {
  const running = new Map<string, number>();
  for (const worker of state.workers.values()) {
    for (const { job, count } of worker.running.entries())
      if (job.priority !== 'low') running.set(job.caller, (running.get(job.caller) ?? 0) + count);
  }
  for (const caller of new Set([...running.keys(), ...state.runningOf.keys()])) {
    if (running.get(caller) !== state.runningOf.get(caller))
      problems.push(
        `I16: ${caller} has ${state.runningOf.get(caller)} tasks that run for ${running.get(caller)}`,
      );
  }
}

function checkExpected(state: SchedulerState, problems: string[]): void {
  for (const [jobId, kept] of state.expected) {
    if (state.jobs.has(jobId)) problems.push(`I12: ${jobId} is expected and there`);
    for (const { worker } of kept) {
      if (state.workers.get(worker.id) !== worker)
        problems.push(`I12: ${worker.id} is to hold blocks of ${jobId} and is not connected`);
    }
  }
}

function checkSharing(state: SchedulerState, problems: string[]): void {
  for (const job of state.jobs.values()) {
    const { lender } = job;
    if (lender !== undefined) {
      if (job.stages.length > 0 || job.workers.size > 0 || job.borrowers.size > 0)
        problems.push(`I13: ${job.id} borrows and has something of its own`);
      if (state.jobs.get(lender.id) !== lender || lender.released || !lender.borrowers.has(job))
        problems.push(`I13: ${job.id} borrows from ${lender.id}, which does not lend`);
      if (lender.fingerprint !== job.fingerprint) problems.push(`I13: ${job.id} borrows another result`);
      const isReady = lender.phase === 'succeeded' && job.phase === 'succeeded';
      if (!isReady && (lender.phase !== 'running' || job.phase !== 'running'))
        problems.push(`I13: ${job.id} is ${job.phase} and its lender ${lender.phase}`);
    }
    for (const borrower of job.borrowers)
      if (borrower.lender !== job) problems.push(`I13: ${borrower.id} does not borrow from ${job.id}`);
    const isComplete = job.phase === 'succeeded' && job.stages.at(-1)?.tasks?.complete === true;
    for (const read of job.reads) {
      if (state.jobs.get(read.id) !== read || read.released || !read.readers.has(job))
        problems.push(`I15: ${job.id} reads ${read.id}, which is not kept for it`);
    }
    for (const reader of job.readers)
      if (!reader.reads.has(job) || reader.released)
        problems.push(`I15: ${reader.id} does not read ${job.id}`);
    if (state.kept.has(job) && job.reads.size > 0) problems.push(`I15: ${job.id} is kept and reads`);
    const isSpare = job.returned && !job.released && job.borrowers.size + job.readers.size === 0;
    if (isSpare !== state.kept.has(job)) problems.push(`I14: ${job.id} ${isSpare ? 'is not' : 'is'} kept`);
    if (isSpare && !isComplete) problems.push(`I14: ${job.id} is kept and not complete`);
  }
  for (const [fingerprint, job] of state.lenders) {
    const isThere = state.jobs.get(job.id) === job && !job.released && job.lender === undefined;
    if (!isThere || job.fingerprint !== fingerprint) problems.push(`I13: ${job.id} can't lend`);
  }
}
