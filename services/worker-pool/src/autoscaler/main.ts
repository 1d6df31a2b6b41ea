import { once } from 'node:events';
import { connectFigures, ScalingLoop, scalingSettings } from '@hyperslab/autoscaler';
import { openKubernetes, openScale } from '@hyperslab/kubernetes';
import { runService, startSideServer } from '@hyperslab/rpc';
import { observeScaling } from './observe-scaling.ts';

// A process of its own: the workers that it may tell to go can't be those that decide it.
await runService('autoscaler', async ({ config, log, metrics }) => {
  const settings = scalingSettings(config);
  const api = await openKubernetes();
  const name = config.autoscaleTargetName;
  const scale = openScale(api, { namespace: api.namespace, kind: 'StatefulSet', name });
  const source = connectFigures(config.scheduler);
  const scaler = {
    // Whether the pods are ready is what the scheduler knows best: it is the one that they work for.
    wanted: async () => (await scale.get()).wanted,
    set: (wanted: number) => scale.set(wanted),
  };
  const loop = new ScalingLoop(source, scaler, settings, observeScaling(metrics, log));
  const problem = () => loop.problem;
  const side = await startSideServer({
    bind: config.bind,
    port: config.autoscalerPort,
    allowedHosts: config.allowedHosts,
    metrics,
    problem,
  });
  log.info({ target: name, namespace: api.namespace, http: side.address() }, 'scaling');
  loop.start(config.autoscaleInterval);
  return {
    async stop() {
      await loop.stop();
      source.close();
      side.close();
      side.closeAllConnections();
      await once(side, 'close');
    },
  };
});
