import { notationOf, type Setting, settings } from '@hyperslab/config';

/** Settings that the chart decides itself, from values with a meaning for a cluster; `config` refuses them. */
export const chartDecides: ReadonlySet<string> = new Set([
  // Folders of the image, and where they are mounted.
  'state',
  'objects',
  'backupStore',
  'dataRoots',
  // Names and ports of Services.
  'catalog',
  'scheduler',
  'workers',
  'metadataBackup',
  'catalogPort',
  'schedulerPort',
  'workerPort',
  'metadataBackupPort',
  'gatewayPort',
  'dashboardPort',
  'autoscalerPort',
  'bind',
  'advertise',
  'allowInsecure',
  'allowedHosts',
  // What a pod is, and who leads.
  'podName',
  'podNamespace',
  'lease',
  // What resources and grace periods follow from.
  'drainTimeout',
  'workerMemory',
  'workerThreads',
  'autoscaleTargetName',
  'autoscaleMin',
  'autoscaleMax',
  // Of `hyperslab up` and clients.
  'endpoints',
  'parentPid',
]);

/** Settings of services that the value `config` takes, by name. */
function configSettings(): Setting[] {
  return settings.filter(
    ({ name, readBy }) => !chartDecides.has(name) && readBy.some((service) => service !== 'cli'),
  );
}

/** JSON Schema of the value `config`: what `hyperslab config` lists, with its types. */
export function configSchema(): object {
  const properties = configSettings().map(({ name, schema, description, default: preset }) => {
    const about = preset ? `${description}; default ${preset}` : description;
    return [name, { description: about, ...notationOf(schema) }];
  });
  return {
    description: 'Settings of the services by their names in `hyperslab config`',
    type: 'object',
    additionalProperties: false,
    properties: Object.fromEntries(properties),
  };
}
