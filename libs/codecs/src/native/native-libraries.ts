import { readFileSync } from 'node:fs';
import { libaec } from './libaec.ts';
import { libdeflate } from './libdeflate.ts';
import { liblz4, lz4Version } from './liblz4.ts';
import { libzstd, zstdVersion } from './libzstd.ts';

/** A library that codecs call where it is there. */
export interface NativeLibraryState {
  name: string;
  /** Where it was found; undefined where it can't be called. */
  file?: string;
  /** Its version, if it tells. */
  version?: string;
  /** Why it can't be called. */
  problem?: string;
  /** Names of packages that have it, by distribution. */
  packages: Readonly<Record<string, string>>;
}

const libraries = [
  { library: libdeflate, version: () => undefined },
  { library: liblz4, version: lz4Version },
  { library: libzstd, version: zstdVersion },
  { library: libaec, version: () => undefined },
];

/** Looks for each library that there is a use of, whether or not codecs may call it. */
export function nativeLibraries(): NativeLibraryState[] {
  return libraries.map(({ library, version }) => {
    const { name, packages } = library.known;
    const opened = library.open();
    if ('problem' in opened) return { name, packages, problem: opened.problem };
    return { name, packages, file: loadedFile(opened.file), version: version() };
  });
}

/** The file that a library was loaded from by a bare name, where the system tells: Linux does. */
function loadedFile(name: string): string {
  const stem = name.slice(0, name.indexOf('.so'));
  try {
    const paths = readFileSync('/proc/self/maps', 'utf8').match(/\/\S+$/gm) ?? [];
    return paths.find((path) => path.includes(`/${stem}.so`)) ?? name;
  } catch {
    return name;
  }
}
