import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { key } from '../../support/terminal.ts';
import type { Room, RoomPlan } from './room.ts';

/** From a task that is ready to work that is accepted and delivered, and what can be done on the way. */
export const runs: RoomPlan = {
  tasks: ['Bread', 'Buns, sweet', 'Cake, sweet'],
  stories: {
    async 'run.dispatch'(room) {
      await room.goTo('Bread');
      await room.byName('run.dispatch');
      await room.sees('the first that can take it');
      room.press(key.enter);
      await room.sees('at work on Bread');
    },
    async 'run.dispatch.some'(room) {
      room.byKey('run.dispatch.some');
      await room.sees('Dispatch 2 that are ready');
      await room.leaves('Dispatch 2 that are ready');
    },
    async 'run.dispatch.ready'(room) {
      await room.byName('run.dispatch.ready');
      await room.sees('at work on Buns, sweet');
      await room.sees('at work on Cake, sweet');
    },
    async 'run.view'(room) {
      await room.goTo('Bread');
      await room.byName('run.view');
      await room.sees('1 + one');
      await room.leaves('1 + one');
    },
    async 'run.history'(room) {
      await room.byName('run.history');
      await room.sees('session.started');
      await room.leaves('session.started');
    },
    async 'run.radar'(room) {
      await room.byName('run.radar');
      await room.sees('sugar.txt');
      await room.leaves('sugar.txt');
    },
    async 'run.pause'(room) {
      await room.byName('run.pause');
      await room.comesTo('Bread', 'paused');
      room.byKey('run.pause');
      await room.comesTo('Bread', 'working');
    },
    async 'run.rewind'(room) {
      await room.goTo('Buns, sweet');
      const file = await theirFile(room, 'Buns, sweet');
      await prompted(room, 'once more');
      writeFileSync(file, 'spoiled\n');
      await room.byName('run.rewind');
      await room.sees(/before .*file/);
      room.press(key.enter);
      await room.sees('What was there is kept');
      expect(readFileSync(file, 'utf8')).toBe('one\ntwo\n');
    },
    async 'run.cancel'(room) {
      await room.goTo('Cake, sweet');
      await room.byName('run.cancel');
      await room.sees('Cancel the run of cyd');
      room.press('y');
      await room.comesTo('Cake, sweet', 'cancelled');
    },
    async 'run.fork'(room) {
      await room.goTo('Buns, sweet');
      await room.byName('run.fork');
      await room.sees('Fork the run of bob');
      room.press('y');
      await room.sees('● Buns, sweet (fork)');
      await room.comesTo('Buns, sweet (fork)', 'working');
    },
    async 'run.approve'(room) {
      await room.goTo('Bread');
      await room.byName('run.approve');
      await room.sees('Accept the work of ada');
      room.press('y');
      await room.sees('✓ Bread');
      await room.comesTo('Bread', 'done');
    },
    async 'run.deliver'(room) {
      await room.goTo('Bread');
      await room.byName('run.deliver');
      await room.sees('a patch');
      room.press('j', 'j');
      await room.selects('a patch');
      room.press(key.enter);
      const [patch = ''] = /\/\S+\.patch/.exec(await room.sees('.patch')) ?? [];
      expect(existsSync(patch)).toBe(true);
    },
  },
};

/** What the agent wrote of the task, in its worktree. */
async function theirFile(room: Room, title: string): Promise<string> {
  const { task, worktree } = await room.comesTo(title, 'working');
  return join(worktree, `${task}.txt`);
}

/** A prompt makes a checkpoint. */
async function prompted(room: Room, text: string): Promise<void> {
  room.press('m');
  await room.sees('Prompt to bob');
  room.press(text, key.ctrlS);
  await room.sees(`got "${text}`);
}
