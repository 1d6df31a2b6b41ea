import { skip } from './skip.ts';

/** What `@hyperslab/codecs` says of libraries of the system, and lets itself be told. */
interface Codecs {
  useNativeCodecs(mode: 'auto' | 'off'): void;
  nativeLibraries(): readonly {
    name: string;
    problem?: string;
    packages: Readonly<Record<string, string>>;
  }[];
}

/**
 * Describes the same tests twice: of codecs in plain TypeScript, and of those that call libraries of the system. The second are
 * skipped where one of the libraries `needed` is not there.
 */
export function describeBothWays(
  title: string,
  codecs: Codecs,
  needed: readonly string[],
  body: (way: 'portable' | 'native') => void,
): void {
  describe(`${title}, portable`, () => body('portable'));
  describe(`${title}, by native libraries`, () => {
    before(function () {
      for (const { name, problem, packages } of codecs.nativeLibraries()) {
        if (problem === undefined || !needed.includes(name)) continue;
        skip(this, `${name} can't be called: ${problem}; apt-get install ${packages.debian}`);
      }
      codecs.useNativeCodecs('auto');
    });
    after(() => codecs.useNativeCodecs('off'));
    body('native');
  });
}
