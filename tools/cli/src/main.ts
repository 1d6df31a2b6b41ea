import { runProgram } from './program.ts';

// A reader that has seen enough (`hyperslab ls | head`) is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));

// Remarks are lost where they can't be written (the log of `up` is on a full disk), the mesh is not.
process.stderr.on('error', () => {});

const interrupt = new AbortController();
const interruptedTwice = new AbortController();
let interruptedAt = Number.NEGATIVE_INFINITY;

/** One Ctrl-C may come twice: from the terminal, and passed on by npm. Only a later one means "at once". */
const sameKeyMs = 1000;

function onSignal(): void {
  if (!interrupt.signal.aborted) {
    interruptedAt = performance.now();
    interrupt.abort();
  } else if (performance.now() - interruptedAt > sameKeyMs) interruptedTwice.abort();
}

process.on('SIGINT', onSignal);
process.on('SIGTERM', onSignal);
process.on('SIGHUP', onSignal);

process.exitCode = await runProgram(process.argv.slice(2), {
  interrupted: interrupt.signal,
  interruptedTwice: interruptedTwice.signal,
});
// Connections that are still open have nothing left to say.
process.stdout.write('', () => process.stderr.write('', () => process.exit()));
