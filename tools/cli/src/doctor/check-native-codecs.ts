import { type NativeLibraryState, nativeLibraries } from '@hyperslab/codecs';
import { readConfig } from '@hyperslab/config';
import type { Check } from './check.ts';

/** Libraries that workers decode faster with. Nothing is wrong without them. */
export function checkNativeCodecs(env: NodeJS.ProcessEnv = process.env): Check[] {
  if (readConfig(env).nativeCodecs === 'off') {
    return [{ name: 'native codecs', ok: true, detail: 'switched off by HYPERSLAB_NATIVE_CODECS' }];
  }
  return nativeLibraries().map((state) => ({
    name: state.name,
    ok: true,
    detail: state.problem === undefined ? found(state) : missing(state),
  }));
}

function found({ file, version }: NativeLibraryState): string {
  return version === undefined ? `${file}` : `${file}, version ${version}`;
}

function missing({ problem, packages }: NativeLibraryState): string {
  const names = Object.entries(packages).map(([system, name]) => `${name} (${system})`);
  return `not used, decoding is slower without: ${problem}; install ${names.join(', ')}`;
}
