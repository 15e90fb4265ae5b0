import { views as table } from '../../../src/ui/views/views.ts';
import { key } from '../../support/terminal.ts';
import { until } from '../../support/until.ts';
import { type RoomPlan, roomCols, type Story } from './room.ts';

/** One agent has finished, more tasks than a page wait. */
export const views: RoomPlan = {
  tasks: ['Bread', ...Array.from({ length: 60 }, (_, index) => `Bun ${index + 1} of many`)],
  prepare: (room) => room.dispatch('Bread'),
  stories: {
    ...Object.fromEntries(table.map((view) => [`view.${view.id}`, opens(`view.${view.id}`, view.about)])),
    async 'view.attention'(room) {
      await room.byName('view.attention');
      await room.sees('finished: look and accept');
      await until('the screen below the list has its whole width', async () => {
        const [session] = await room.world.json<{ cols: number }[]>('session', 'list');
        return session?.cols === roomCols;
      });
      room.byKey('view.attention');
      await room.sees('WORKERS');
    },
    async 'list.last'(room) {
      await room.byName('list.last');
      await room.selects('Bun 60 of many');
    },
    async 'list.first'(room) {
      room.byKey('list.first');
      await room.selects('ada');
    },
    async down(room) {
      room.byKey('down');
      await room.selects('bob');
    },
    async up(room) {
      room.byKey('up');
      await room.selects('ada');
    },
    async 'list.page.down'(room) {
      room.press('T');
      await room.selects('Bread');
      room.byKey('list.page.down');
      await room.selects('Bun 3');
    },
    async 'list.sort'(room) {
      room.press('H');
      await room.sees('took');
      await room.byName('list.sort');
      await room.sees('by state');
    },
    async 'list.filter'(room) {
      room.press('B');
      await room.sees('READY 60');
      await room.byName('list.filter');
      room.press('17 of');
      await room.seesNo('Bun 11 of many');
      await room.sees('Bun 17 of many');
      room.press(key.enter);
    },
    async back(room) {
      room.byKey('back');
      await room.sees('READY 60');
      room.byKey('back');
      await room.sees('WORKERS');
    },
    async help(room) {
      await room.byName('help');
      await room.sees('Moving');
      await room.leaves('Moving');
    },
    async tour(room) {
      await room.byName('tour');
      await room.sees('1/5 Tasks');
      await room.leaves('1/5 Tasks');
    },
    async palette(room) {
      room.byKey('palette', 'ctrl+p');
      await room.sees('Find an action');
      await room.leaves('Find an action');
    },
    async projects(room) {
      await room.byName('projects');
      await room.sees('1 project, in shop');
      room.byKey('projects');
      await room.seesNo('1 project, in shop');
    },
    async quit(room) {
      await room.byName('quit');
      await room.terminal.ends();
    },
  },
};

/** By its name in, by its key out. */
function opens(id: string, about: string): Story {
  return async (room) => {
    await room.byName(id);
    await room.sees(about.slice(0, 20));
    room.byKey(id);
    await room.sees('WORKERS');
  };
}
