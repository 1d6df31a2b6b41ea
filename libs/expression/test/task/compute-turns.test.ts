import assert from 'node:assert/strict';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { ComputeTurns, type ComputingTask } from '../../src/task/compute-turns.ts';

/** A thread whose clock goes on only as its tasks compute, and a record of what they did. */
class Thread {
  now = 0;
  readonly began: string[] = [];
  readonly turns = new ComputeTurns(() => this.now);

  /** A task that computes so many tiles, each as long, and gives its turn back when others have had less. */
  async run(name: string, task: ComputingTask, tiles: number, tileMs: number): Promise<void> {
    for (let tile = 0, isTurn = false; tile < tiles; tile++) {
      if (isTurn && this.turns.isOver) {
        this.turns.give();
        isTurn = false;
      }
      if (!isTurn) await this.turns.take(task);
      isTurn = true;
      this.began.push(name);
      this.now += tileMs;
      if (tile % 3 === 2) await nextTurn();
    }
    this.turns.give();
    this.turns.leave(task);
  }
}

describe('turns to compute', () => {
  it('are one at a time, and of the tasks of a job that wait the one that began first is next', async () => {
    const turns = new ComputeTurns();
    const job = {};
    const tasks = [0, 1, 2, 3].map(() => turns.enter(job));
    const began: number[] = [];
    let computing = 0;
    const run = async (task: ComputingTask) => {
      await turns.take(task);
      began.push(task.order);
      assert.equal(++computing, 1);
      await nextTurn();
      computing--;
      turns.give();
    };
    await Promise.all([tasks[2], tasks[3], tasks[1], tasks[0]].map(run));
    assert.deepEqual(began, [2, 0, 1, 3]);
    await run(tasks[3]);
    assert.equal(began.length, 5);
  });

  it('are of equal time for each job, however many tasks it has', async () => {
    const thread = new Thread();
    const [large, other] = [{}, {}];
    const running = [0, 1, 2].map((n) => thread.run(`large ${n}`, thread.turns.enter(large), 30, 3));
    await nextTurn();
    const before = thread.began.length;
    running.push(thread.run('other', thread.turns.enter(other), 30, 3));
    await Promise.all(running);
    const since = thread.began.slice(before);
    const last = since.lastIndexOf('other');
    // It has had ten milliseconds less than the other, and is one tile ahead of it at most then.
    const others = since.slice(0, last).filter((name) => name !== 'other').length;
    assert.ok(others >= 25 && others <= 31, `${others} tiles of the large job among the 30 of the other`);
    assert.ok(thread.began.indexOf('large 2') > thread.began.lastIndexOf('large 0'));
  });

  it('come to a job that is new before the others go on, and no new one may keep them from it', async () => {
    const thread = new Thread();
    const large = thread.run('large', thread.turns.enter({}), 100, 3);
    await nextTurn();
    for (let n = 0; n < 20; n++) {
      const before = thread.began.length;
      await thread.run('small', thread.turns.enter({}), 1, 3);
      const waited = thread.began.slice(before).indexOf('small');
      assert.ok(waited <= 4, `${waited} tiles of the large job before that of a small one`);
    }
    await large;
    assert.equal(thread.began.filter((name) => name === 'large').length, 100);
  });

  it('come to a job however many small ones there are, one beginning before the other ends', async () => {
    const thread = new Thread();
    const large = thread.run('large', thread.turns.enter({}), 100, 3);
    await nextTurn();
    const before = thread.began.length;
    const stream = async () => {
      for (let n = 0; n < 60; n++) await thread.run('small', thread.turns.enter({}), 1, 3);
    };
    await Promise.all([stream(), stream()]);
    const since = thread.began.slice(before);
    const tiles = since.filter((name) => name === 'large').length;
    // Three jobs at a time, of which it is one.
    assert.ok(tiles >= 30, `${tiles} tiles of the large job beside 120 of small ones`);
    await large;
  });

  it('count what a job computes while nobody else does, before another comes', async () => {
    const thread = new Thread();
    const first = thread.turns.enter({});
    await thread.turns.take(first);
    thread.now += 5_000;
    const late = thread.run('late', thread.turns.enter({}), 100, 3);
    const begun = thread.run('begun', thread.turns.enter(first.job), 100, 3);
    thread.turns.give();
    await Promise.all([late, begun]);
    const ahead = thread.began.indexOf('begun');
    assert.ok(ahead >= 1 && ahead <= 5, `${ahead} tiles of the one that came late before any other`);
  });
});
