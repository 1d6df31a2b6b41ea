/** Compiles the kernels of `libs/kernels/assembly` to WebAssembly: `node tools/generate-kernels.ts [OUTPUT]`. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const output = process.argv[2] ?? join(root, 'libs/kernels/gen/kernels.wasm');

// A program of its own: the compiler's types declare another global `console` for all that imports them.
const compiler = join(root, 'node_modules/assemblyscript/bin/asc.js');

// No allocator and no collector, for kernels allocate nothing. The memory is the arena's, which threads may share, of whatever size: what
// is declared is the most that WebAssembly has.
const { status } = spawnSync(
  process.execPath,
  [
    compiler,
    'libs/kernels/assembly/index.ts',
    ...['--outFile', output, '-O3', '--noAssert'],
    ...['--runtime', 'stub', '--use', 'abort='],
    ...['--enable', 'simd', '--enable', 'threads'],
    ...[
      '--importMemory',
      '--noExportMemory',
      '--sharedMemory',
      '--initialMemory',
      '1',
      '--maximumMemory',
      '65536',
    ],
  ],
  { cwd: root, stdio: 'inherit' },
);
process.exitCode = status ?? 1;
