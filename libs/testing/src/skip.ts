/** What a test of mocha, or a hook, has as `this`. */
interface Skippable {
  skip(): never;
}

/** Skips a test, or all tests after a hook, and says why: what is not there, and how to have it. */
export function skip(test: Skippable, why: string): never {
  console.log(`      skipped: ${why}`);
  return test.skip();
}
