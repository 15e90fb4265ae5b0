import { execFileSync, spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const file = resolve(import.meta.dirname, '../../src/main/compile-stages.ts');

type Stage = 'compileEarly' | 'compileLittle';

describe('when V8 makes quick code', () => {
  it.each<Stage>(['compileEarly', 'compileLittle'])(
    '%s says nothing on the terminal: this V8 knows each flag',
    (stage) => {
      const script = `import { ${stage} } from ${JSON.stringify(file)}; ${stage}(); process.stdout.write('done');`;
      const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
        encoding: 'utf8',
      });
      expect({ stdout, stderr }).toEqual({ stdout: 'done', stderr: '' });
    },
  );

  it('is after a hundred calls when keys are answered, of which V8 alone asks 400', () => {
    expect([isQuickAfter(100, []), isQuickAfter(100, ['compileEarly'])]).toEqual([false, true]);
  });

  it('is never while the program starts, and from then on after a hundred calls', () => {
    expect(isQuickAfter(5_000, [])).toBe(true);
    expect(isQuickAfter(5_000, ['compileLittle'])).toBe(false);
    expect(isQuickAfter(100, ['compileLittle', 'compileEarly'])).toBe(true);
  });
});

/** Whether a function is optimised after so many calls. Bit 5 of its status: by Maglev, bit 6: by TurboFan. */
function isQuickAfter(calls: number, stages: Stage[]): boolean {
  const script = `
    void (async () => {
      const stages = await import(${JSON.stringify(file)});
      for (const stage of ${JSON.stringify(stages)}) stages[stage]();
      const work = (n) => n * 2 + 1;
      for (let n = 0; n < ${calls}; n++) work(n);
      process.stdout.write(String((%GetOptimizationStatus(work) & 96) !== 0));
    })();`;
  const args = ['--allow-natives-syntax', '--no-concurrent-recompilation', '--input-type=commonjs', '-e', script];
  return execFileSync(process.execPath, args, { encoding: 'utf8' }) === 'true';
}
