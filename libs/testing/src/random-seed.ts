/**
 * Calls with a seed for files of random content: the one that SEED says, else a new one each time. When the body fails,
 * the seed that does it again is printed.
 */
export async function withRandomSeed(body: (seed: number) => unknown): Promise<void> {
  const seed = Number(process.env.SEED ?? Date.now() % 2 ** 31);
  try {
    await body(seed);
  } catch (error) {
    console.log(`      failed with SEED=${seed}`);
    throw error;
  }
}
