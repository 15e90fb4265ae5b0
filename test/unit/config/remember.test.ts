import { chmodSync, existsSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { remember } from '../../../src/config/remember.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

/** Some files, looked at when they have not been changed for a while. */
function place() {
  const folder = temporaryFolder();
  const cache = join(folder, 'cache', 'settings.json');
  const file = join(folder, 'config.yaml');
  const made: string[] = [];
  let ahead = 0;
  const ask = (value: string, key = 'k') => {
    const make = () => {
      made.push(value);
      return { value };
    };
    return remember(cache, key, [file], make, () => Date.now() + ahead);
  };
  const later = () => {
    ahead = 10_000;
  };
  return { folder, cache, file, made, ask, later };
}

test('what was made of a file is not made again until the file changes', async () => {
  const { file, made, ask, later } = place();
  writeFileSync(file, 'a');
  later();
  expect([await ask('first'), await ask('second')]).toEqual([{ value: 'first' }, { value: 'first' }]);
  writeFileSync(file, 'b');
  later();
  expect(await ask('third')).toEqual({ value: 'third' });
  chmodSync(file, 0o600);
  later();
  expect(await ask('fourth')).toEqual({ value: 'fourth' });
  rmSync(file);
  expect([await ask('fifth'), await ask('sixth')]).toEqual([{ value: 'fifth' }, { value: 'fifth' }]);
  expect(made).toEqual(['first', 'third', 'fourth', 'fifth']);
});

test('a file that was changed a moment ago is read each time: it may change again in the same moment', async () => {
  const { cache, file, made, ask } = place();
  writeFileSync(file, 'a');
  utimesSync(file, 1, 1);
  await ask('first');
  await ask('second');
  expect(made).toEqual(['first', 'second']);
  expect(existsSync(cache)).toBe(false);
});

test('another key is another value, of which the newest are kept, for their owner alone', async () => {
  const { folder, cache, file, made, ask, later } = place();
  writeFileSync(file, 'a');
  later();
  for (let n = 0; n < 60; n++) await ask(`${n}`, `k${n}`);
  expect(await ask('again', 'k59')).toEqual({ value: '59' });
  expect(await ask('again', 'k0')).toEqual({ value: 'again' });
  expect(made).toHaveLength(61);
  expect(statSync(cache).mode & 0o77).toBe(0);
  expect(readdirSync(join(folder, 'cache'))).toEqual(['settings.json']);
});

test('half a cache, or one that cannot be written, costs only time', async () => {
  const { cache, folder, file, ask, later } = place();
  writeFileSync(file, 'a');
  later();
  await ask('first');
  writeFileSync(cache, '{"k":{"stamps":["');
  expect(await ask('second')).toEqual({ value: 'second' });
  rmSync(join(folder, 'cache'), { recursive: true });
  writeFileSync(join(folder, 'cache'), 'a file');
  expect(await ask('third')).toEqual({ value: 'third' });
});

test('what fails is not remembered', async () => {
  const { cache, file } = place();
  const fail = () => {
    throw new Error('no');
  };
  await expect(remember(cache, 'k', [file], fail, Date.now)).rejects.toThrow('no');
  expect(existsSync(cache)).toBe(false);
});

test('nothing is made where Forge has no home yet', async () => {
  const folder = temporaryFolder();
  const home = join(folder, 'home');
  const ask = (value: string) =>
    remember(join(home, 'cache', 'settings.json'), 'k', [join(home, 'config.yaml')], () => value, Date.now);
  expect([await ask('first'), await ask('second')]).toEqual(['first', 'second']);
  expect(existsSync(home)).toBe(false);
});
