import assert from 'node:assert/strict';
import { homedir } from 'node:os';
import { isHyperslabError } from '@hyperslab/errors';
import { configTable, readConfig, settings, unknownVariables } from '../src/index.ts';

/** The message of the refusal. */
function refusal(...args: Parameters<typeof readConfig>): string {
  try {
    readConfig(...args);
  } catch (error) {
    assert.ok(isHyperslabError(error, 'INVALID_ARGUMENT'));
    return error.message;
  }
  throw new Error('was not refused');
}

describe('configuration', () => {
  it('has a default for what nobody sets', () => {
    const config = readConfig({});
    assert.equal(config.state, `${homedir()}/.hyperslab`);
    assert.equal(config.objects, `${homedir()}/.hyperslab/objects`);
    assert.equal(config.catalog, '127.0.0.1:7401');
    assert.equal(config.drainTimeout, 10_000);
    assert.deepEqual(config.dataRoots, [process.cwd()]);
    assert.equal(config.advertise, undefined);
    assert.ok(config.workerThreads >= 1);
  });

  it('takes the flag before the variable before the default', () => {
    const env = { HYPERSLAB_CATALOG_PORT: '1', HYPERSLAB_SCHEDULER_PORT: '2', HYPERSLAB_WORKER_PORT: '' };
    const config = readConfig(env, { catalogPort: 3 });
    assert.deepEqual([config.catalogPort, config.schedulerPort, config.workerPort], [3, 2, 7403]);
    const source = new Map(configTable(config).map((row) => [row.variable, row.source]));
    assert.equal(source.get('HYPERSLAB_CATALOG_PORT'), 'flag');
    assert.equal(source.get('HYPERSLAB_SCHEDULER_PORT'), 'environment');
    assert.equal(source.get('HYPERSLAB_WORKER_PORT'), 'default');
    assert.equal(source.get('HYPERSLAB_ADVERTISE'), 'unset');
  });

  it('derives folders from the state folder, and leaves URLs as they are', () => {
    const env = {
      HYPERSLAB_STATE: '/x/$&',
      HYPERSLAB_OBJECTS: 's3://bucket/a',
      HYPERSLAB_DATA_ROOTS: '/a, s3://b ,c',
    };
    const config = readConfig(env);
    assert.equal(config.backupStore, '/x/$&/backup');
    assert.equal(config.objects, 's3://bucket/a');
    assert.deepEqual(config.dataRoots, ['/a', 's3://b', `${process.cwd()}/c`]);
    assert.deepEqual(readConfig({}, { dataRoots: ['/p', '/q'] }).dataRoots, ['/p', '/q']);
  });

  it('names every problem with its flag and variable at once', () => {
    const env = {
      HYPERSLAB_WORKER_MEMORY: 'lots',
      HYPERSLAB_CATALOG: 'nowhere',
      HYPERSLAB_LOG_LEVEL: 'loud',
    };
    const message = refusal(env, { catalogPort: 70_000 });
    for (const part of [
      '--worker-memory',
      'HYPERSLAB_WORKER_MEMORY',
      '"lots"',
      '--catalog or HYPERSLAB_CATALOG',
    ])
      assert.ok(message.includes(part), part);
    assert.match(message, /expected one of trace, debug/);
    assert.match(
      message,
      /--catalog-port or HYPERSLAB_CATALOG_PORT.*"70000": expected a whole number from 0 to 65535/,
    );
  });

  it('refuses to listen beyond this machine unless told that it may', () => {
    for (const bind of ['0.0.0.0', '::', '10.0.0.1', 'node1', '128.0.0.1'])
      assert.match(refusal({ HYPERSLAB_BIND: bind }), /is not loopback.*HYPERSLAB_ALLOW_INSECURE=true/);
    for (const bind of ['127.0.0.1', '127.9.9.9', '::1', 'localhost'])
      assert.equal(readConfig({ HYPERSLAB_BIND: bind }).bind, bind);
    assert.equal(readConfig({ HYPERSLAB_BIND: '0.0.0.0', HYPERSLAB_ALLOW_INSECURE: 'true' }).bind, '0.0.0.0');
    assert.match(refusal({ HYPERSLAB_ALLOW_INSECURE: 'maybe' }), /expected true or false/);
  });

  it('has settings that each are one of their kind and described', () => {
    for (const key of ['name', 'flag', 'variable'] as const)
      assert.equal(new Set(settings.map((setting) => setting[key])).size, settings.length);
    for (const { variable, description, readBy } of settings) {
      assert.match(variable, /^HYPERSLAB_[A-Z_]+$/);
      assert.ok(description.length > 10 && readBy.length > 0, variable);
    }
    assert.deepEqual(
      configTable(readConfig({})).map(({ variable }) => variable),
      settings.map(({ variable }) => variable),
    );
  });

  it('notices variables that are no settings', () => {
    assert.deepEqual(unknownVariables({ HYPERSLAB_CATALOG: 'a:1', HYPERSLAB_CATALOGUE: 'a:1', PATH: '/' }), [
      'HYPERSLAB_CATALOGUE',
    ]);
  });
});
