import { key } from '../../support/terminal.ts';
import type { RoomPlan } from './room.ts';

/** Nobody is at work yet: what is to be done is written down. */
export const tasks: RoomPlan = {
  tasks: ['Bread', 'Buns'],
  stories: {
    async 'task.new'(room) {
      await room.byName('task.new');
      await room.sees('what the agent should know');
      room.press('Cake', key.enter);
      await room.sees('○ Cake');
      await room.selects('Cake');
    },
    async 'task.edit'(room) {
      room.byKey('task.edit');
      await room.sees('Edit fg-');
      room.press(' with cream', key.enter);
      await room.sees('○ Cake with cream');
    },
    async 'task.depend'(room) {
      await room.byName('task.depend');
      await room.sees(/\[ \] Bread/);
      room.press(' ');
      await room.sees('[x] Bread');
      await room.leaves('[x] Bread');
      await room.sees('◌ Cake with cream');
    },
    async 'task.batch'(room) {
      await room.byName('task.batch');
      await room.sees('in a batch');
      room.press('spring', key.enter);
      await room.sees('is in the batch spring.');
    },
    async 'task.priority.up'(room) {
      await room.goTo('Buns');
      await room.byName('task.priority.up');
      await room.sees('has priority 1.');
    },
    async 'task.priority.down'(room) {
      room.byKey('task.priority.down');
      await room.sees('has priority 2.');
    },
    async 'task.close'(room) {
      await room.byName('task.close');
      await room.sees('✓ Buns');
      room.byKey('task.close');
      await room.sees('○ Buns');
    },
    async undo(room) {
      room.byKey('task.close');
      await room.sees('✓ Buns');
      await room.byName('undo');
      await room.sees('Taken back: closing fg-');
      await room.sees('○ Buns');
    },
    async redo(room) {
      await room.byName('redo');
      await room.sees('Done again: closing fg-');
      await room.sees('✓ Buns');
      room.byKey('undo');
      await room.sees('○ Buns');
    },
    async 'task.edit.file'(room) {
      await room.byName('task.edit.file');
      await room.sees('is changed.');
      await room.sees('○ Rolls');
      room.byKey('task.edit.file');
      await room.sees('stays as it is.');
    },
  },
};
