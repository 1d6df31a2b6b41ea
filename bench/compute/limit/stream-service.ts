import type { ServiceDefinition } from '@grpc/grpc-js';

export const messageBytes = 2 ** 20;

const asItIs = (bytes: Buffer) => bytes;

/** A call that is answered by a stream of messages; its request says how many, as uint32. No message is encoded: bytes are sent as they are. */
export const streamService: ServiceDefinition = {
  read: {
    path: '/bench.Stream/Read',
    requestStream: false,
    responseStream: true,
    requestSerialize: asItIs,
    requestDeserialize: asItIs,
    responseSerialize: asItIs,
    responseDeserialize: asItIs,
  },
};
