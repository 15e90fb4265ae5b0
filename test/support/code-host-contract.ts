import { expect, test } from 'vitest';
import type { CodeHost, PullRequest } from '../../src/ports/code-host.ts';

export interface CodeHostWorld {
  host: CodeHost;
  /** What somebody does there by hand. */
  settle(branch: string, state: PullRequest['state']): Promise<void>;
}

/** What every code host must do, whichever it is. */
export function codeHostContract(name: string, open: () => Promise<CodeHostWorld>): void {
  const url = 'ssh://git@host.example/bakery.git';
  const draft = { branch: 'bread', base: 'main', title: 'Bake bread', body: 'With "seeds"\nand ümläuts.' };

  test(`${name}: a branch without a pull request has none`, async () => {
    const { host } = await open();
    expect(await host.find(url, 'bread')).toBeNull();
  });

  test(`${name}: what was opened is found by its branch, and by no other`, async () => {
    const { host } = await open();
    const made = await host.open(url, draft);
    expect(made).toEqual({ url: expect.stringMatching(/^https?:/), state: 'open' });
    expect(await host.find(url, 'bread')).toEqual(made);
    expect(await host.find(url, 'cake')).toBeNull();
  });

  test(`${name}: it is told when one was merged, and when it was closed`, async () => {
    const { host, settle } = await open();
    const { url: first } = await host.open(url, draft);
    await settle('bread', 'closed');
    expect(await host.find(url, 'bread')).toEqual({ url: first, state: 'closed' });
    const { url: second } = await host.open(url, draft);
    expect(second).not.toBe(first);
    await settle('bread', 'merged');
    expect(await host.find(url, 'bread')).toEqual({ url: second, state: 'merged' });
  });
}
