import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { type Decision, decide, emptyMemory, type Figures } from '../src/index.ts';
import { usual } from './follow-policy.ts';

const path = new URL('recorded/burst-of-computations.json', import.meta.url);
const { figures: recorded } = JSON.parse(readFileSync(path, 'utf8')) as {
  figures: ({ timeS: number } & Figures)[];
};

/** The decisions on what two real workers went through; whoever is added helps them in no way. */
function decisions(): (Decision & { timeS: number })[] {
  const last = recorded.at(-1)!;
  const idle = Array.from({ length: 60 }, (_, at) => ({ ...last, timeS: last.timeS + 5 * (at + 1) }));
  let memory = emptyMemory(0);
  let wanted = 2;
  return [...recorded, ...idle].map(({ timeS, ...figures }) => {
    const input = {
      figures: { ...figures, workers: wanted },
      wanted,
      settings: usual,
      memory,
      nowMs: timeS * 1000,
    };
    const decision = decide(input);
    ({ wanted, memory } = decision);
    return { ...decision, timeS };
  });
}

describe('the policy, on a recorded burst of computations', () => {
  it('rises as the scheduler learns how long a task takes, and goes down once when all is done', () => {
    const made = decisions();
    const numbers = made.map(({ wanted }) => wanted);
    assert.equal(numbers[0], 2, 'nobody goes before it was watched for a while');
    const most = Math.max(...numbers);
    const top = numbers.indexOf(most);
    assert.equal(most, 12, '1420 slot seconds, 120 for each');
    assert.ok(numbers.slice(0, top).every((number, at) => at === 0 || number >= numbers[at - 1]));
    assert.ok(numbers.slice(top).every((number, at) => at === 0 || number <= numbers[top + at - 1]));
    assert.equal(numbers.at(-1), 1);
    const beginS = recorded.find(({ tasksQueued }) => tasksQueued > 0)!.timeS;
    const roseS = made.find(({ wanted, timeS }) => timeS >= beginS && wanted > 2)!.timeS;
    assert.ok(roseS - beginS <= 15, 'as soon as the first tasks are done');
  });
});
