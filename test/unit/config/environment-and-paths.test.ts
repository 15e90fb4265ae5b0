import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { nearestWord } from '../../../src/base/nearest-word.ts';
import { expandEnvironment, variableSources } from '../../../src/config/expand-environment.ts';
import { forgePaths } from '../../../src/config/paths.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

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
  [{ XDG_RUNTIME_DIR: '/run/user/of-nobody' }, '/home/x/.forge', '/home/x/.forge/run'],
  [{ XDG_RUNTIME_DIR: 'relative' }, '/home/x/.forge', '/home/x/.forge/run'],
  [{ FORGE_HOME: '/f', XDG_RUNTIME_DIR: '/run/user/of-nobody' }, '/f', '/f/run'],
])('%j puts home in %s and sockets in %s', (environment, home, run) => {
  expect(forgePaths(environment, '/home/x')).toMatchObject({
    home,
    runDirectory: run,
    worktreesDirectory: `${home}/worktrees`,
  });
});

test('sockets stay where an earlier Forge began, unless FORGE_HOME says where', () => {
  const runtime = temporaryFolder();
  mkdirSync(join(runtime, 'forge'));
  const runsIn = (more: object) => forgePaths({ XDG_RUNTIME_DIR: runtime, ...more }, '/home/x').runDirectory;
  expect(runsIn({})).toBe('/home/x/.forge/run');
  writeFileSync(join(runtime, 'forge/token'), '');
  expect(runsIn({})).toBe(join(runtime, 'forge'));
  expect(runsIn({ FORGE_HOME: '/f' })).toBe('/f/run');
});

test.each([
  ['wrokers', 'workers'],
  ['Deliver', 'delivery'],
  ['x', null],
  ['zebra', null],
])('%s is near %s', (word, nearest) => {
  expect(nearestWord(word, ['workers', 'delivery', 'limits'])).toBe(nearest);
});
