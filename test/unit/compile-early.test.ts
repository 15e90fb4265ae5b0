import { execFileSync, spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const file = resolve(import.meta.dirname, '../../src/main/compile-early.ts');

describe('code of keys that is made quick early', () => {
  it('says nothing on the terminal: this V8 knows each flag', () => {
    const script = `import { compileEarly } from ${JSON.stringify(file)}; compileEarly(); process.stdout.write('done');`;
    const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' });
    expect({ stdout, stderr }).toEqual({ stdout: 'done', stderr: '' });
  });

  it('makes a function quick after a hundred calls, which V8 alone does after 400', () => {
    const isQuick = (isEarly: boolean) =>
      execFileSync(
        process.execPath,
        [
          '--allow-natives-syntax',
          '--no-concurrent-recompilation',
          '--input-type=commonjs',
          '-e',
          callHundredTimes(isEarly),
        ],
        { encoding: 'utf8' },
      );
    expect([isQuick(false), isQuick(true)]).toEqual(['false', 'true']);
  });
});

/** Prints whether a function is optimised after a hundred calls. Bit 5 of its status: by Maglev. */
function callHundredTimes(isEarly: boolean): string {
  return `
    void (async () => {
      if (${isEarly}) (await import(${JSON.stringify(file)})).compileEarly();
      const work = (n) => n * 2 + 1;
      for (let n = 0; n < 100; n++) work(n);
      process.stdout.write(String((%GetOptimizationStatus(work) & 32) !== 0));
    })();`;
}
