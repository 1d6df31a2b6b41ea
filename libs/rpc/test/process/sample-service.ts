import { runService } from '../../src/index.ts';

/** A service that does nothing but tell that it runs, or fails behind everybody's back. */
await runService('catalog', async ({ log }) => {
  const timer = setInterval(() => {}, 1000);
  if (process.env.SAMPLE_FAILS)
    setTimeout(() => {
      throw new Error('nobody caught this');
    });
  process.stdout.write(`${process.pid}\n`);
  return {
    async stop(graceMs) {
      clearInterval(timer);
      log.info(`stopped with ${graceMs} ms`);
    },
  };
});
