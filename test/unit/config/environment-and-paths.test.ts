import { expect, test } from 'vitest';
import { nearestWord } from '../../../src/base/nearest-word.ts';
import { expandEnvironment, variableSources } from '../../../src/config/expand-environment.ts';
import { forgePaths } from '../../../src/config/paths.ts';

test('variables are expanded at launch; what is missing is named', () => {
  const env = { TOKEN: 'x${KEY}y', EMPTY: '${NONE}', PLAIN: '$KEY ${1}' };
  const set = variableSources({ KEY: 'k', NONE: '' }, []);
  expect(expandEnvironment(env, set)).toEqual({ TOKEN: 'xky', EMPTY: '', PLAIN: '$KEY ${1}' });
  expect(() => expandEnvironment({ TOKEN: '${KEY}' }, variableSources({}, []))).toThrow(
    'env.TOKEN of the agent needs KEY, which is not set',
  );
});

test.each([
  [{}, '/home/x/.forge', '/home/x/.forge/run'],
  [{ XDG_RUNTIME_DIR: '/run/user/1' }, '/home/x/.forge', '/run/user/1/forge'],
  [{ XDG_RUNTIME_DIR: 'relative' }, '/home/x/.forge', '/home/x/.forge/run'],
  [{ FORGE_HOME: '/f', XDG_RUNTIME_DIR: '/run/user/1' }, '/f', '/f/run'],
])('%j puts home in %s and sockets in %s', (environment, home, run) => {
  expect(forgePaths(environment, '/home/x')).toMatchObject({
    home,
    runDirectory: run,
    worktreesDirectory: `${home}/worktrees`,
  });
});

test.each([
  ['wrokers', 'workers'],
  ['Deliver', 'delivery'],
  ['x', null],
  ['zebra', null],
])('%s is near %s', (word, nearest) => {
  expect(nearestWord(word, ['workers', 'delivery', 'limits'])).toBe(nearest);
});
