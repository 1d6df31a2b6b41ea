import assert from 'node:assert/strict';
import { protocolVersions } from '@hyperslab/rpc';
import fc from 'fast-check';
import type { JobDefinition } from '../../src/state/scheduler-state.ts';
import { mayBeReadInPart, runOf } from '../../src/state/shared-results.ts';
import { taskStates } from '../../src/state/task-table.ts';
import { chain, definition, exchanging, publishPlan, reading, readingChunks } from './example-plans.ts';
import { SimulatedMesh } from './simulated-mesh.ts';

const weights = {
  finish: 6,
  finishTogether: 6,
  finishStray: 1,
  finishAll: 1,
  job: 5,
  join: 2,
  upgrade: 1,
  leave: 2,
  fail: 1,
  cancel: 1,
  release: 1,
  lose: 1,
  tick: 2,
  stop: 2,
  take: 3,
  reconnect: 1,
  restart: 1,
};

const step = fc.oneof(
  ...Object.entries(weights).map(([what, weight]) => ({
    weight,
    arbitrary: fc.record({ do: fc.constant(what as keyof typeof weights), worker: fc.nat(4), at: fc.nat(3) }),
  })),
);

describe('scheduler state under random events', () => {
  it('ends every job, with every block of its result there, whatever happens on the way', () => {
    let borrowed = 0;
    let reads = 0;
    let parts = 0;
    fc.assert(
      fc.property(
        fc.array(step, { maxLength: 120, size: 'max' }),
        fc.constantFrom(0, 50, 1000),
        (steps, keptResultBytes) => {
          const mesh = new SimulatedMesh({ keptResultBytes, keptResultMs: 2_000 });
          let jobs = 0;
          const definitions = new Map<string, JobDefinition>();
          const readParts = new Set<string>();
          for (const { do: what, worker, at } of steps) {
            const id = `w${worker}`;
            mesh.now += 10;
            if (what === 'finish') mesh.finish(id, at);
            else if (what === 'finishTogether') mesh.finishTogether(id, 1 + at * 40, at % 2 ? 20 : 60_000);
            else if (what === 'finishStray') mesh.finishStray(id);
            else if (what === 'finishAll') mesh.drain();
            else if (what === 'fail') mesh.fail(id, at, at > 0);
            else if (what === 'join') mesh.join(id, at);
            else if (what === 'upgrade')
              mesh.join(id, 1 + at, {
                kernelVersion: '2',
                protocolVersion: keptResultBytes > 50 ? protocolVersions.newest : 1 + at,
              });
            else if (what === 'leave') mesh.leave(id);
            else if (what === 'stop') mesh.stop(id, at);
            else if (what === 'take') mesh.take(id, at % 3);
            else if (what === 'reconnect') mesh.reconnect(id);
            else if (what === 'restart') {
              const wanted = [...definitions.values()].filter(({ id, kind }) => {
                const job = mesh.state.jobs.get(id);
                return job?.released === false && (kind !== 'persist' || !job.returned);
              });
              mesh.restart(wanted, worker + 5 * at);
            } else if (what === 'release') mesh.send({ type: 'ReleaseRequested', jobId: `j${at}` });
            else if (what === 'lose') mesh.lose(id, at);
            else if (what === 'cancel') mesh.send({ type: 'CancelRequested', jobId: `j${at}` });
            else if (what === 'tick') {
              mesh.now += 240;
              mesh.objects = 1 + at * 3;
              mesh.send({ type: 'Tick' });
            } else {
              const size = worker >> 1;
              const plans = [
                size === 1 ? readingChunks(4) : chain(3 + size),
                chain(7 + 60 * size, 2, 1),
                chain(0, 4),
                publishPlan(2),
              ];
              // Some read what an earlier job persists, if that is still there, and persist it in turn.
              const persisted = [...mesh.state.jobs.values()].filter(
                (job) => job.kind === 'persist' && !job.returned,
              );
              const read = at === 0 && size > 0 ? persisted.at(-size)?.id : undefined;
              const blocks = mesh.state.jobs.get(read ?? '')?.plan.stages.at(-1)?.tasks ?? 0;
              const isExchanged = worker === 3;
              const planReading = (id: string) =>
                isExchanged ? exchanging(reading(chain(4, 2), id, blocks)) : reading(plans[at], id, blocks);
              const plan = read === undefined ? plans[at] : planReading(read);
              if (read !== undefined) reads++;
              const kind = at === 3 ? 'publish' : at === 1 || (read && worker === 4) ? 'persist' : 'compute';
              const [id, caller] = [`j${jobs++}`, `c${worker % 2}`];
              // Jobs of equal plans have each other's results, as far as these are kept.
              const fingerprint =
                keptResultBytes === 0 ? `plan of ${id}` : `plan ${at} ${size} ${read} ${isExchanged}`;
              const priority = (['normal', 'high', 'low'] as const)[(jobs + size) % 3];
              const job = { ...definition(id, kind, plan, caller, fingerprint), priority };
              definitions.set(id, job);
              // Others take a part of what an earlier job has computed; after a restart they compute it.
              const whole = [...mesh.state.jobs.values()].filter(
                (each) => each.kind === 'compute' && mayBeReadInPart(mesh.state, each),
              );
              const isPart = keptResultBytes > 0 && at % 2 === 0 && read === undefined && whole.length > 0;
              if (isPart) {
                const { id: kept, plan: made } = whole[0];
                const part = reading(chain(3), kept, made.stages.at(-1)!.tasks);
                mesh.send({
                  type: 'JobAccepted',
                  job: { ...job, plan: part, fingerprint: `part of ${kept}` },
                });
                readParts.add(id);
                const isGone = inputsOf(mesh, [kept]).some((each) => mesh.state.jobs.get(each)!.released);
                assert.ok(!isGone, `${id} reads a part of ${kept}, which can't be made again`);
                parts++;
              } else mesh.send({ type: 'JobAccepted', job });
              if (mesh.state.jobs.get(id)?.lender !== undefined) borrowed++;
            }
            mesh.checkQueues();
          }
          mesh.join('last', 3);
          mesh.moveAll();
          for (const { id, draining } of [...mesh.workers.values()]) if (draining) mesh.leave(id);
          // Kernels that nobody has are waited for.
          mesh.now += 5_000;
          mesh.send({ type: 'Tick' });
          mesh.drain();
          for (const job of mesh.state.jobs.values()) {
            assert.ok(['succeeded', 'failed', 'cancelled'].includes(job.phase), `${job.id} is ${job.phase}`);
            // Those of an equal job are its own, which it may have joined.
            const equal = [...mesh.state.jobs.values()].filter(
              (other) => other.fingerprint === job.fingerprint,
            );
            const related = equal.flatMap(({ id, inputJobs }) => [id, ...inputsOf(mesh, inputJobs)]);
            const faults = [...mesh.faults].filter(([key]) => related.some((id) => key.startsWith(`${id}/`)));
            if (job.error?.reason === 'STORAGE_UNAVAILABLE')
              assert.ok(
                faults.some(([, { final, tries }]) => final || tries >= 3),
                `${job.id} failed too soon`,
              );
            assert.notEqual(job.error?.reason, 'BLOCK_NOT_FOUND', 'a lost input is no fault of its reader');
            if (readParts.has(job.id) && job.error?.reason === 'JOB_NOT_FOUND') {
              // All of what it is a part of was there when it was accepted: some of that was cancelled since, or could not be made again.
              const read = inputsOf(mesh, job.inputJobs).map((id) => mesh.state.jobs.get(id)!);
              assert.ok(
                read.some(({ kind, phase, error }) =>
                  phase === 'failed'
                    ? error?.reason === 'STORAGE_UNAVAILABLE'
                    : kind === 'persist' && phase === 'cancelled',
                ),
                `${job.id} failed: ${job.error.message}`,
              );
            }
            const run = runOf(job);
            const result = run.stages.at(-1)?.tasks;
            if (job.phase !== 'succeeded' || job.kind === 'publish' || job.released) continue;
            const kernels = new Set<string>();
            assert.equal(result?.counts[taskStates.held], result?.count);
            for (let task = 0; task < (result?.count ?? 0); task++) {
              const holder = mesh.state.workersByOrdinal.get(result!.workerOf(task))!;
              const block = mesh.workers
                .get(holder.id)
                ?.blocks.get(`${run.id}/${run.stages.length - 1}/${task}`);
              assert.ok(block);
              kernels.add(block.kernelVersion);
            }
            assert.ok(kernels.size <= 1, `${job.id} is of kernels ${[...kernels]}`);
          }
          for (const jobId of new Set(mesh.ended)) {
            const ends = mesh.ended.filter((other) => other === jobId).length;
            assert.ok(
              ends === 1 || mesh.state.jobs.get(jobId)?.phase === 'failed',
              `${jobId} ended ${ends} times`,
            );
          }
        },
      ),
      { numRuns: 200 },
    );
    assert.ok(borrowed > 10, `${borrowed} jobs had the result of another`);
    assert.ok(reads > 10, `${reads} jobs read what another had persisted`);
    assert.ok(parts > 10, `${parts} jobs took a part of what another had computed`);
  });
});

/** Jobs that others read, and what these read. */
function inputsOf(mesh: SimulatedMesh, jobs: readonly string[]): string[] {
  return jobs.flatMap((id) => [id, ...inputsOf(mesh, mesh.state.jobs.get(id)?.inputJobs ?? [])]);
}
