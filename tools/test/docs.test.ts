import assert from 'node:assert/strict';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const root = join(import.meta.dirname, '../..');
const documents = globSync(['README.md', 'CONTRIBUTING.md', 'docs/**/*.md'], { cwd: root });

/** Paths of the repository in backticks; `libs/<name>` and globs are patterns, not paths. */
function namedPaths(text: string): string[] {
  const folders = 'libs|services|tools|proto|integration-tests|bench|docs|clients|fixtures';
  return [...text.matchAll(new RegExp(`\`((?:${folders})/[^\`\\s]*)\``, 'g'))]
    .map(([, path]) => path)
    .filter((path) => !/[<>*{}…]/.test(path));
}

/** Targets of links that lead to other files. */
function linkedPaths(text: string): string[] {
  return [...text.matchAll(/\]\(([^)\s#]+)[^)]*\)/g)]
    .map(([, target]) => target)
    .filter((target) => !/^[a-z]+:/.test(target));
}

/** A file and a name in it, as in `path/file.ts` `name`. */
function namedFunctions(text: string): { path: string; name: string }[] {
  const pairs = text.matchAll(/`([^`\s]+\/[^`\s]+\.(?:ts|mjs))`\s+`([A-Za-z_]\w*)`/g);
  return [...pairs].map(([, path, name]) => ({ path, name }));
}

describe('documents', () => {
  it('are read as this test expects', () => {
    const text = 'see `libs/no/such.ts` `nothing`, `libs/<name>/src`, `docs/*.md`, [more](formats.md#types)';
    assert.deepEqual(namedPaths(text), ['libs/no/such.ts']);
    assert.deepEqual(namedFunctions(text), [{ path: 'libs/no/such.ts', name: 'nothing' }]);
    assert.deepEqual(linkedPaths(text), ['formats.md']);
    assert.ok(documents.length > 5);
  });

  for (const document of documents) {
    const text = readFileSync(join(root, document), 'utf8');

    it(`${document} names files that exist`, () => {
      const missing = namedPaths(text).filter((path) => !existsSync(join(root, path)));
      const astray = linkedPaths(text).filter((path) => !existsSync(join(root, dirname(document), path)));
      assert.deepEqual([...missing, ...astray], []);
    });

    it(`${document} names functions that their files have`, () => {
      const missing = namedFunctions(text).filter(({ path, name }) => {
        const file = join(root, path);
        return !existsSync(file) || !new RegExp(`\\b${name}\\b`).test(readFileSync(file, 'utf8'));
      });
      assert.deepEqual(missing, []);
    });
  }
});
