import type { Command } from 'commander';
import type { AddCommand } from '../program.ts';
import { collect, wholeNumber } from './option-values.ts';

/** Commands that start and stop a mesh on this machine, and tell how it is. */
export function addMeshCommands(program: Command, add: AddCommand): void {
  add(
    program,
    'up',
    'run a mesh on this machine until Ctrl-C',
    async () => (await import('../commands/up.ts')).up,
  )
    .option('--workers <n>', 'worker processes', wholeNumber(1, 256), 2)
    .option('--max-workers <n>', 'as many as there is work for, from --workers to this', wholeNumber(1, 256))
    .option('--root <url>', 'folder or URL that data may be read from; may be repeated', collect, [])
    .option('--port-offset <n>', 'added to every port', wholeNumber(0, 60_000), 0)
    .option('--worker-memory <size>', 'memory of one worker, as in 2GiB')
    .option('--no-sample', 'do not publish a small model run when the catalog is empty')
    .option('--detach', 'return when everything is ready, and leave it running');
  add(
    program,
    'down',
    'stop the mesh of a state directory',
    async () => (await import('../commands/down.ts')).down,
  );
  add(
    program,
    'port-forward',
    'open a mesh in Kubernetes as local ports until Ctrl-C',
    async () => (await import('../commands/port-forward.ts')).portForward,
  )
    .option('--namespace <name>', "namespace of the mesh (default: the current context's)")
    .option('--release <name>', 'Helm release of the mesh, where there are several')
    .option('--port-offset <n>', 'added to every port', wholeNumber(0, 60_000), 0)
    .option('--detach', 'return when everything is ready, and leave it running');
  add(program, 'status', 'how the mesh is', async () => (await import('../commands/status.ts')).status);
  add(
    program,
    'doctor',
    'find out what is wrong',
    async () => (await import('../commands/doctor.ts')).doctor,
  );
}
