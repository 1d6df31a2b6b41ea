import { readFileSync } from 'node:fs';
import { BinaryReader } from '@bufbuild/protobuf/wire';
import type { handleBidiStreamingCall, Server, ServiceDefinition } from '@grpc/grpc-js';
import { ReflectionService } from '@grpc/reflection';

type PackageDefinition = ConstructorParameters<typeof ReflectionService>[0];

const descriptors = new URL('../../descriptors.binpb', import.meta.resolve('@hyperslab/proto/cube'));

type Implementation = Record<string, handleBidiStreamingCall<unknown, unknown>>;

/**
 * Registers server reflection (v1 and v1alpha). Descriptors are those that buf wrote: what @grpc/proto-loader makes of
 * .proto files names no imports, and Go's clients refuse it. They are read when somebody asks.
 */
export function addReflection(server: Server, services: readonly string[]): void {
  let loaded: Implementation[] | undefined;
  const load = () => {
    const known = {
      all: { fileDescriptorProtos: filesOf(readFileSync(descriptors)) } as PackageDefinition[string],
    };
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

/** The files of a FileDescriptorSet, encoded: field 1 of the message (descriptor.proto). */
function filesOf(set: Uint8Array): Buffer[] {
  const reader = new BinaryReader(set);
  const files: Buffer[] = [];
  while (reader.pos < reader.len) {
    const [field, wireType] = reader.tag();
    if (field === 1) files.push(Buffer.from(reader.bytes()));
    else reader.skip(wireType);
  }
  return files;
}

/** What a reflection service would register: v1 and v1alpha. */
function registered(reflection: ReflectionService): [ServiceDefinition, Implementation][] {
  const found: [ServiceDefinition, Implementation][] = [];
  reflection.addToServer({
    addService: (definition, implementation) => found.push([definition, implementation as Implementation]),
  });
  return found;
}
