/**
 * Largest message that is taken, bytes. Streams send frames of at most 3 MiB, but a dataset of very many variables, or
 * a plan over it, is one message.
 */
const maxMessageBytes = 64 * 2 ** 20;

/** For both sides. */
const commonOptions = {
  'grpc.max_receive_message_length': maxMessageBytes,
  // Nobody reads grpc-js's own statistics; keeping them costs a cold client a fifth of its first call (bench/new-session.ts).
  'grpc.enable_channelz': 0,
};

/** For our servers. */
export const serverOptions = {
  ...commonOptions,
  'grpc.keepalive_time_ms': 30_000,
  'grpc.keepalive_timeout_ms': 10_000,
};

/** For clients of our servers. */
export const clientOptions = {
  ...commonOptions,
  // What calls need is said here; no DNS record is asked for a service configuration.
  'grpc.service_config_disable_resolution': 1,
  // A peer that is stopped or cut off ends no connection: calls on it fail when it answers no ping for so long.
  'grpc.keepalive_time_ms': 10_000,
  'grpc.keepalive_timeout_ms': 5_000,
  // A service that died is restarted at once on the same port; the default waits up to two minutes.
  'grpc.initial_reconnect_backoff_ms': 100,
  'grpc.max_reconnect_backoff_ms': 2_000,
  // Large frames come with fewer stalls (measured: 1.05 against 0.5 GB/s); acts on the client's side only.
  'grpc-node.flow_control_window': 8 * 2 ** 20,
  // Addresses are of the mesh's own network; the machine's web proxy has no way there.
  'grpc.enable_http_proxy': 0,
};
