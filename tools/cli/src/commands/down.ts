import type { Context } from '../context.ts';
import { stateDirectory } from '../up/state-directory.ts';
import { stopMesh } from '../up/stop-mesh.ts';

/** Stops the mesh of a state directory and waits until it has ended. */
export async function down(context: Context): Promise<void> {
  const state = stateDirectory(context.state);
  const pid = await stopMesh(state);
  context.print({ state, pid }, () => `stopped the mesh on ${state}`);
}
