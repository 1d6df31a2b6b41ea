import type { Context } from '../context.ts';
import type { Check } from '../doctor/check.ts';
import { checkConfiguration } from '../doctor/check-configuration.ts';
import { checkMesh } from '../doctor/check-mesh.ts';
import { checkNativeCodecs } from '../doctor/check-native-codecs.ts';
import { checkNode } from '../doctor/check-node.ts';
import { checkRoots } from '../doctor/check-roots.ts';
import { checkState } from '../doctor/check-state.ts';
import { exitStatus } from '../exit-status.ts';

/** Looks at everything that a mesh needs and says what is wrong. Exit status 1 when something is. */
export async function doctor(context: Context): Promise<number> {
  const checks: Check[] = [
    checkNode(),
    checkConfiguration(),
    ...checkNativeCodecs(),
    ...(await checkState(context.state)),
    ...(await checkRoots(context.state)),
    ...(await checkMesh(context.state)),
  ];
  context.print({ checks }, () =>
    checks.map(({ name, ok, detail }) => `${ok ? 'ok    ' : 'WRONG '} ${name}: ${detail}`).join('\n'),
  );
  return checks.every(({ ok }) => ok) ? exitStatus.done : exitStatus.failed;
}
