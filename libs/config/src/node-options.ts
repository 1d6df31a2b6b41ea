/**
 * Options of Node that processes of the mesh are started with. The nursery of their heaps is bounded: V8's usual one, 16 MiB twice, stays in memory for good, full of
 * what is long forgotten. The image's ENTRYPOINT and the Tiltfile have the same.
 */
export const nodeOptions: readonly string[] = ['--max-semi-space-size=4'];
