import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { processesIn } from '../../src/processes/processes-in.ts';
import { runLogged } from '../../src/processes/run-logged.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { until } from '../support/until.ts';

test.each(['log', 'note'])(
  'a command whose %s cannot be written is not begun, and leaves no process',
  async (missing) => {
    const cwd = temporaryFolder();
    const place = (name: string) => join(cwd, name === missing ? 'gone' : '.', name);
    const { signal } = new AbortController();
    const wish = {
      command: 'touch begun',
      cwd,
      env: {},
      log: place('log'),
      note: place('note'),
      timeoutMs: 1_000,
      signal,
    };
    expect(await runLogged(wish, 100)).toEqual({
      how: 'unstarted',
      code: null,
      words: expect.stringMatching(/^could not be started \(ENOENT/),
      tail: '',
    });
    await until('its shell has ended', () => processesIn(cwd).length === 0);
    expect(existsSync(join(cwd, 'begun'))).toBe(false);
  },
);
