import assert from 'node:assert/strict';

interface Limits {
  ms: number;
  /** Of JavaScript objects and array buffers, more than there was before. */
  bytes: number;
}

/** What a damaged input of some kilobytes may take, far more than it does: a busy machine keeps to it, what has no end does not. */
const damagedLimits: Limits = { ms: 20_000, bytes: 2 ** 29 };

const sampleMs = 5;

/**
 * Calls `body` and asserts that it ends, or what it promises does, within limits of time and memory; what it throws is thrown.
 * Memory is looked at whenever `body` waits, and at its end: it counts what was let go of as far as nobody collected it.
 */
export function withinLimits<T>(body: () => T, limits: Partial<Limits> = {}): T {
  const check = measuring({ ...damagedLimits, ...limits });
  let result: T;
  try {
    result = body();
  } catch (error) {
    check();
    throw error;
  }
  if (result instanceof Promise) return result.finally(check) as T;
  check();
  return result;
}

/** Begins to measure; what it returns ends that, and asserts that the limits were kept. */
function measuring({ ms, bytes }: Limits): () => void {
  const [start, before] = [performance.now(), memoryUsed()];
  let most = before;
  const look = () => {
    most = Math.max(most, memoryUsed());
  };
  const sampling = setInterval(look, sampleMs);
  return () => {
    clearInterval(sampling);
    look();
    const took = performance.now() - start;
    assert.ok(took < ms, `expected an end within ${ms} ms, found one after ${Math.round(took)}`);
    assert.ok(most - before < bytes, `expected at most ${bytes} bytes to be taken, found ${most - before}`);
  };
}

function memoryUsed(): number {
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}
