import { globSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { handleBidiStreamingCall, Server, ServiceDefinition } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import { ReflectionService } from '@grpc/reflection';

const protoFolder = fileURLToPath(new URL('../../../', import.meta.resolve('@hyperslab/proto/cube')));

type Implementation = Record<string, handleBidiStreamingCall<unknown, unknown>>;

/**
 * Registers server reflection (v1 and v1alpha) from the .proto files themselves. They are read when somebody asks:
 * that takes a quarter of a second, which would be the larger part of a service's start.
 */
export function addReflection(server: Server, services: readonly string[]): void {
  let loaded: Implementation[] | undefined;
  const load = () => {
    const files = globSync('hyperslab/v1/*.proto', { cwd: protoFolder });
    const known = loadSync(files, { includeDirs: [protoFolder] });
    return registered(new ReflectionService(known, { services: [...services] })).map(
      ([, handlers]) => handlers,
    );
  };
  // A reflection that knows no file tells which services and methods it has.
  for (const [index, [definition]] of registered(new ReflectionService({})).entries()) {
    const lazily = Object.keys(definition).map((method): [string, Implementation[string]] => [
      method,
      (call) => {
        loaded ??= load();
        loaded[index][method](call);
      },
    ]);
    server.addService(definition, Object.fromEntries(lazily));
  }
}

/** What a reflection service would register: v1 and v1alpha. */
function registered(reflection: ReflectionService): [ServiceDefinition, Implementation][] {
  const found: [ServiceDefinition, Implementation][] = [];
  reflection.addToServer({
    addService: (definition, implementation) => found.push([definition, implementation as Implementation]),
  });
  return found;
}
