import { expect, test } from 'vitest';
import { key, type Terminal } from '../support/terminal.ts';
import { World } from '../support/world.ts';

/** As one that is found on PATH: it writes a file, and says that it has finished. */
const agent = `#!/bin/sh
[ "$1" = --version ] && { echo '2.1.329 (Claude Code)'; exit 0; }
echo 'Hello' > hello.txt
printf 'I wrote it.\\r\\n\\033]7501;state=done:app=claude\\033\\\\'
exec cat
`;

/** Somebody who knows no key: presses what the screen says, where it says what for. */
class Newcomer {
  readonly terminal: Terminal;

  constructor(terminal: Terminal) {
    this.terminal = terminal;
  }

  /** `enter dispatch`, `n makes a task`: the key that stands before the words. */
  async does(words: string): Promise<void> {
    const said = new RegExp(`(?<=\\s)(enter|\\S) ${words}`);
    const [, name = ''] = said.exec(await this.terminal.sees(said)) ?? [];
    this.terminal.press(key[name as keyof typeof key] ?? name);
  }
}

test.concurrent.each([
  [80, 24],
  [120, 36],
])('in a new repository, with what the screen says alone, to work that is delivered: %i x %i', async (cols, rows) => {
  await using world = new World();
  world.git('config', '--remove-section', 'user');
  world.git('config', 'user.useConfigOnly', 'true');
  world.write('../bin/claude', agent, { isExecutable: true });
  world.env.PATH = `${world.root}/bin:${world.env.PATH}`;

  const refused = world.open(['tui'], { cols, rows });
  expect(await refused.ends()).not.toBe(0);
  expect(refused.screen).toContain('Set it up here: forge init');
  const made = await world.forge('init');
  expect(made.stdout).toMatch(/agents +claude\n/);
  expect(made.stdout).toContain('Next: forge tui');

  const terminal = world.open(['tui'], { cols, rows });
  const newcomer = new Newcomer(terminal);
  await newcomer.does('makes a task');
  await terminal.sees('title');
  terminal.press('Say hello');
  await newcomer.does('save');
  await terminal.sees('○ Say hello');
  await newcomer.does('dispatches it');
  await newcomer.does('dispatch ');
  await terminal.sees('I wrote it.');
  await terminal.sees(/▲ Say hello[^▲]*finished: look/);

  await newcomer.does('review');
  await terminal.sees('1 + Hello');
  await newcomer.does('back');
  await terminal.seesNo('1 + Hello');
  await newcomer.does('accept');
  await newcomer.does('yes');

  // Git wants a name first; the screen has the whole of what is to be done.
  await terminal.sees('paused');
  await terminal.sees(/user\.name[\s\S]*NAME[\s\S]*user\.email[\s\S]*MAIL/);
  world.git('config', '--global', 'user.name', 'Ada');
  world.git('config', '--global', 'user.email', 'ada@example.com');
  await newcomer.does('accept');
  await newcomer.does('yes');
  await terminal.sees('✓ Say hello');
  await newcomer.does('deliver');
  await terminal.sees('a branch');
  await newcomer.does('deliver');
  const [, branch = ''] = /on the branch (\S+?)[.;]/.exec(await terminal.sees(/on the branch \S+/)) ?? [];
  expect(world.git('show', `${branch}:hello.txt`)).toBe('Hello\n');
  await newcomer.does('leave');
  expect(await terminal.ends()).toBe(0);

  // Where nothing was committed yet another project is not what is meant.
  const empty = `${world.root}/empty`;
  world.git('init', '-q', empty);
  const next = world.open(['tui'], { cols, rows, cwd: empty });
  expect(await next.ends()).not.toBe(0);
  expect(next.screen).toContain('Make a first commit: git commit');
});
