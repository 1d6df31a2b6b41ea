import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** Starts the sample service as its child and waits to be killed. */
const sample = fileURLToPath(new URL('./sample-service.ts', import.meta.url));
const env = { ...process.env, HYPERSLAB_PARENT_PID: String(process.pid) };
spawn(process.execPath, [sample], { env, stdio: ['ignore', 'inherit', 'ignore'] });
