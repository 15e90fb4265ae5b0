import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { SessionHost } from '../../src/ports/session-host.ts';
import { HostWorld, screenHas } from '../support/host-world.ts';
import { until } from '../support/until.ts';

// What a program may print to harm whoever looks at it, and where each is tested:
//
// T1 the clipboard          here, and on the person's terminal: test/e2e/attacks.test.ts
// T2 titles                 here, and test/e2e/attacks.test.ts
// T3 answers with its bytes here, and test/unit/sessions/replies.test.ts
// T4 links                  test/e2e/attacks.test.ts
// T5 large numbers          here, and test/unit/sessions/work-budget.test.ts
// T6 strings without end    here, and test/unit/sessions/{clamp-filter,emulator-fuzz}.test.ts
// T7 modes left behind      test/e2e/input.test.ts, test/pty/outer-terminal.test.ts
// T8 text in lists          test/e2e/attacks.test.ts
// T9 a paste that ends      test/e2e/input.test.ts
// T10 who answers           here, and test/pty/session-host.test.ts
// S1 other users, S2 two hosts, S3 what is no message: test/pty/daemon.test.ts, test/pty/protocol-attacks.test.ts
// S4 a client that does not read: test/pty/session-host.test.ts
// S5 planted links: test/pty/daemon.test.ts (a run directory), and whatever is written to a shared folder is made there by mkdtemp

const esc = '\x1b';

/** What a program reads after it has printed `attack`, within a second; and the host that heard it. */
async function answersTo(world: HostWorld, attack: string): Promise<{ host: SessionHost; answers: string }> {
  const host = await world.connect();
  writeFileSync(join(world.work, 'attack'), attack);
  const script = `stty raw -echo; cat attack; timeout --foreground 1 cat > answers; stty sane; printf '\\033c'; echo asked; exec cat`;
  await host.ensure(world.spec('agent', script));
  await screenHas(host, 'agent', 'asked');
  return { host, answers: readFileSync(join(world.work, 'answers'), 'latin1') };
}

test('T1 the clipboard is neither read nor written, and nobody is answered', async () => {
  await using world = new HostWorld();
  const { answers } = await answersTo(world, `${esc}]52;c;ZXZpbA==\x07${esc}]52;c;?\x07${esc}]52;p;?${esc}\\`);
  expect(answers).toBe('');
});

test('T2 a title is kept as plain text, and never told to the program', async () => {
  await using world = new HostWorld();
  const title = `${esc}]0;nice\x01\u202etitle; rm -rf ~\x07`;
  const { host, answers } = await answersTo(world, `${title}${esc}[21t${esc}[20t${esc}[22t${esc}[23t`);
  expect(answers).toBe('');
  const [facts] = await host.list();
  expect(facts?.title).toMatch(/title; rm -rf ~$/);
  expect(facts?.title).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202e]/);
});

test('T3 no answer holds text that the program chose', async () => {
  await using world = new HostWorld();
  const attacks = [`${esc}P$q\nevil\n${esc}\\`, `${esc}P+q6576696c${esc}\\`, '\x05', `${esc}[1;1;1;1;1;1*y`];
  const { answers } = await answersTo(world, `evil${attacks.join('')}${esc}]11;?evil\x07${esc}]4;1;?evil;evil;?\x07`);
  expect(answers).toBe(`${esc}P0$r${esc}\\`);
});

test('T5 the largest numbers of every kind hold up nobody', async () => {
  await using world = new HostWorld();
  const host = await world.connect();
  const kinds = ['I', 'L', 'M', 'S', 'T', 'Z', 'b', '@', 'P', 'X', 'E', 'F', ' @', ' A', "'}", "'~"];
  const attack = `${kinds.map((kind) => `x${esc}[999999999${kind}${esc}[9999${kind}`).join('')}${esc}#8${esc}c`;
  writeFileSync(join(world.work, 'attack'), attack.repeat(20));
  await host.ensure(
    world.spec('attack', 'for i in 1 2 3 4 5; do cat attack; done; echo done; exec cat', { cols: 200, rows: 60 }),
  );
  await host.ensure(world.spec('echo', 'exec cat'));
  for (let at = 0; at < 5; at++) {
    await host.send('echo', `word${at}\r`);
    await screenHas(host, 'echo', `word${at}\nword${at}`);
  }
  await screenHas(host, 'attack', 'done');
});

test('T6 strings without end, endless numbers and cut characters cost little, and what follows is shown', async () => {
  await using world = new HostWorld();
  const host = await world.connect();
  const { pid } = await host.status();
  const rss = () => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;
  await host.ensure(world.spec('agent', 'stty -echo; while read -r line; do eval "$line"; done'));
  // What they cost once, they do not cost again.
  let before = 0;
  for (const round of [1, 2]) {
    before = rss();
    for (const opening of [']0;', 'P', '_', '[1;']) {
      const filler = opening === '[1;' ? "tr '\\0' ';'" : "tr '\\0' a";
      await host.send('agent', `printf '\\033${opening}'; head -c 16777216 /dev/zero | ${filler}; echo\r`);
      await host.send('agent', `printf '\\030\\033\\\\\\033cback${round}${opening}\\n'\r`);
      await screenHas(host, 'agent', `back${round}${opening}`);
    }
  }
  await host.send('agent', `printf '\\033c\\377\\376\\360\\237\\303(\\033[3'; sleep 0.1; printf '1mred\\n'\r`);
  await screenHas(host, 'agent', 'red');
  // In MB; up to 24 are measured, as V8 collects.
  expect(rss() - before).toBeLessThan(40);
});

test('T10 what a program asks is answered once while nobody looks, and one that never reads costs nothing', async () => {
  await using world = new HostWorld();
  const { host, answers } = await answersTo(world, `${esc}[c`);
  expect(answers).toBe(`${esc}[?1;2c`);
  const script = `stty raw -echo; i=0; while [ $i -lt 2000 ]; do printf '\\033[c\\033[6n'; i=$((i + 1)); done; echo asked; exec sleep 1000`;
  await host.ensure(world.spec('deaf', script));
  await screenHas(host, 'deaf', 'asked');
  await host.send('agent', 'still here\r');
  await until('the other one goes on', async () => (await host.screen('agent', 'text')).includes('still here'));
});
