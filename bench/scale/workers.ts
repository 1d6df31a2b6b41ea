/** A process of simulated workers: does what its parent says, one thing after the other. */
import { type Seen, SimulatedWorker } from './simulated-worker.ts';

/** What a process of simulated workers is asked. */
export type Command =
  | { do: 'join'; scheduler: string; prefix: string; count: number }
  | { do: 'pace'; taskMs: number }
  | { do: 'measure' }
  | { do: 'drain'; worker: string };

/** What it answers: milliseconds that it took, and what was seen since the last time. */
export interface Answer {
  ms: number;
  blocks: number;
  seen: Seen;
}

const workers = new Map<string, SimulatedWorker>();
const seen: Seen = { tasks: 0, latenciesMs: [] };
let taskMs = 0;

async function obey(command: Command): Promise<number> {
  switch (command.do) {
    case 'join': {
      const ids = Array.from({ length: command.count }, (_, at) => `${command.prefix}-${at}`);
      for (const id of ids) {
        const worker = new SimulatedWorker(id, command.scheduler, seen);
        worker.taskMs = taskMs;
        workers.set(id, worker);
      }
      await Promise.all(ids.map((id) => workers.get(id)?.welcome));
      return 0;
    }
    case 'pace':
      taskMs = command.taskMs;
      for (const worker of workers.values()) worker.taskMs = taskMs;
      return 0;
    case 'measure':
      return 0;
    case 'drain': {
      const worker = workers.get(command.worker);
      const blocks = (await worker?.drain()) ?? 0;
      worker?.close();
      workers.delete(command.worker);
      return blocks;
    }
  }
}

process.on('message', async (command: Command) => {
  const startMs = performance.now();
  const blocks = await obey(command);
  const { tasks, latenciesMs } = seen;
  const answer: Answer = { ms: performance.now() - startMs, blocks, seen: { tasks, latenciesMs } };
  seen.tasks = 0;
  seen.latenciesMs = [];
  process.send?.(answer);
});
process.on('disconnect', () => process.exit(0));
