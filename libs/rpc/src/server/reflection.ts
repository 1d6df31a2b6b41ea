import { globSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Server } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import { ReflectionService } from '@grpc/reflection';

const protoFolder = fileURLToPath(new URL('../../../', import.meta.resolve('@hyperslab/proto/cube')));

/** Registers server reflection (v1 and v1alpha) from the .proto files themselves. */
export function addReflection(server: Server, services: readonly string[]): void {
  const files = globSync('hyperslab/v1/*.proto', { cwd: protoFolder });
  const definition = loadSync(files, { includeDirs: [protoFolder] });
  new ReflectionService(definition, { services: [...services] }).addToServer(server);
}
