/** `node:ffi`, which calls functions of shared libraries. */
export type ForeignFunctions = typeof import('node:ffi');

/** Architectures whose `size_t` and pointers have 8 bytes and whose numbers begin with the lowest one, and that Node calls on. */
const architectures = ['x64', 'arm64'];

let found: ForeignFunctions | undefined;

/**
 * `node:ffi` where this Node has it: it is experimental, may be left out of a build, or switched off. Undefined where it can't
 * be used.
 */
export function findForeignFunctions(): ForeignFunctions | undefined {
  if (!architectures.includes(process.arch)) return undefined;
  found ??= withoutWarning('FFI', () => process.getBuiltinModule('node:ffi') as ForeignFunctions | undefined);
  return found;
}

/**
 * Node says of a feature that it is experimental when its module is loaded, once a thread and on standard error. Who uses
 * Hyperslab has not chosen it and can't do anything about it: that one warning is kept back, others are given as ever.
 */
function withoutWarning<T>(feature: string, load: () => T): T {
  const { emitWarning } = process;
  process.emitWarning = (warning: string | Error, ...rest: unknown[]) => {
    if (rest[0] === 'ExperimentalWarning' && String(warning).startsWith(feature)) return;
    Reflect.apply(emitWarning, process, [warning, ...rest]);
  };
  try {
    return load();
  } finally {
    process.emitWarning = emitWarning;
  }
}
