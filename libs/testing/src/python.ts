import { execFileSync } from 'node:child_process';
import { pythonPath } from './locations.ts';

const mostOutput = 2 ** 28;

/** Whether the Python with the reference readers is there, with modules of these names. */
export function hasPython(...modules: string[]): boolean {
  const python = pythonPath();
  if (python === undefined) return false;
  try {
    execFileSync(python, ['-c', modules.map((name) => `import ${name}`).join('\n')], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** The JSON value on each line that a script prints. Throws when there is no Python, or the script fails. */
export function runPython<T>(script: string, ...parameters: (string | number)[]): T[] {
  const python = pythonPath();
  if (python === undefined) throw new Error('expected the Python of tools/setup.mjs --tests, found none');
  const output = execFileSync(python, ['-B', script, ...parameters.map(String)], { maxBuffer: mostOutput });
  const lines = output.toString().split('\n');
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as T);
}
