import { expect, test } from 'vitest';
import { acceptedIn } from '../../src/app/operations/run/aim.ts';
import { layerSchema } from '../../src/config/options.ts';
import { fillTemplate } from '../../src/domain/delivery.ts';
import type { RunEvent } from '../../src/domain/run.ts';

const values = { task: '', title: 'Bake {body}', body: 'With seeds.', files: '- a.ts', gates: '' };

test('a template is filled once, and leaves no gap where there is nothing to say', () => {
  expect(fillTemplate('{title}\n\n{task}\n\n{body}\n\n{gates}', values)).toBe('Bake {body}\n\nWith seeds.');
  expect(fillTemplate('{title} {nobody} { x }', values)).toBe('Bake {body} {nobody} { x }');
});

test('a placeholder that nobody knows is named in the settings, with those that are known', () => {
  const { error } = layerSchema.safeParse({ deliveryTemplates: { commit: '{title} {issue}' } });
  expect(error?.issues[0]?.message).toBe('one of {task}, {title}, {body}, {files}, {gates}, found {issue}');
});

test('names of branches and remotes that could be something else to git are refused', () => {
  const isFine = (branch: string) => layerSchema.safeParse({ deliverTo: { branch } }).success;
  for (const name of ['main', 'release/1.2', 'a_b-c']) expect(isFine(name), name).toBe(true);
  for (const name of ['-x', '--force', 'a..b', 'a@{1}', '/a', 'a b', 'a:b', '+a', 'a//b', 'x.lock', ''])
    expect(isFine(name), name).toBe(false);
});

test('what was asked before the newest acceptance is accepted, what was asked since is not', () => {
  const events = [
    { type: 'delivery.conflicted', payload: { asks: 'cake' } },
    { type: 'run.approved', payload: {} },
    { type: 'delivery.failed', payload: { asks: 'url x' } },
  ] as unknown as RunEvent[];
  expect(acceptedIn(events)).toEqual(['cake']);
  expect(acceptedIn(events.slice(0, 1))).toEqual([]);
  expect(acceptedIn([])).toEqual([]);
  // Asking for a delivery again is an acceptance too.
  expect(acceptedIn([{ type: 'run.delivered', payload: { asks: 'lfs' } } as unknown as RunEvent])).toEqual(['lfs']);
});
