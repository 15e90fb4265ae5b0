import { key } from '../../support/terminal.ts';
import type { RoomPlan } from './room.ts';

/** Ada asks something; what bob did is on his screen. */
export const panes: RoomPlan = {
  tasks: ['Bread asks', 'Buns'],
  async prepare(room) {
    await room.dispatch('Bread asks');
    await room.dispatch('Buns');
    await room.sees('▲ 2 need you');
  },
  stories: {
    async 'attention.snooze'(room) {
      await room.goTo('Buns');
      await room.byName('attention.snooze');
      await room.sees('is put off until something changes there.');
      room.press('A');
      await room.sees('who waits for you');
      await room.seesNo('Buns');
      room.press('A');
      await room.sees('WORKERS');
    },
    async attention(room) {
      await room.byName('attention');
      await room.selects(' 1 ');
    },
    async right(room) {
      room.byKey('right');
      await room.selects(' 2 ');
    },
    async left(room) {
      room.byKey('left');
      await room.selects(' 1 ');
    },
    async pane(room) {
      room.byKey('pane', '2');
      await room.selects(' 2 ');
    },
    async zone(room) {
      room.byKey('zone');
      await room.selects('Buns');
      room.byKey('zone');
      await room.selects(' 2 ');
    },
    async type(room) {
      room.press('1');
      room.byKey('type');
      await room.sees('TYPING');
      room.press('1');
      await room.sees('got "1"');
      room.press(key.leader);
      await room.seesNo('TYPING');
    },
    async 'pane.leader'(room) {
      room.byKey('pane.leader');
      await room.sees('TYPING');
      await room.sees('got "\\u0011"');
      room.press(key.leader);
      await room.seesNo('TYPING');
    },
    async 'pane.prompt'(room) {
      await room.byName('pane.prompt');
      await room.sees('Prompt to ada');
      room.press('Less flour', key.ctrlS);
      await room.sees('got "Less flour');
    },
    async 'pane.zoom'(room) {
      await room.byName('pane.zoom');
      await room.seesNo('WORKERS');
      room.byKey('pane.zoom');
      await room.sees('WORKERS');
    },
    async 'pane.layout'(room) {
      await room.byName('pane.layout');
      await room.sees('the first large');
      for (const words of ['side by side', 'on each other', 'as a grid']) {
        room.byKey('pane.layout');
        await room.sees(words);
      }
    },
    async 'pane.move.on'(room) {
      room.press('1');
      await room.selects(' 1 ');
      await room.byName('pane.move.on');
      await room.selects(' 2 ');
    },
    async 'pane.move.back'(room) {
      room.byKey('pane.move.back');
      await room.selects(' 1 ');
    },
    async 'pane.pin'(room) {
      await room.byName('pane.pin');
      await room.sees(' 1* ');
      room.byKey('pane.pin');
      await room.seesNo(' 1* ');
    },
    async 'pane.name'(room) {
      await room.byName('pane.name');
      await room.sees('It stands in front of the title');
      room.press('oven', key.enter);
      await room.sees('oven · Bread asks');
    },
    async 'pane.shell'(room) {
      await room.byName('pane.shell');
      await room.sees('shell · Bread asks');
      await room.sees('TYPING');
      room.press('echo in $(basename $PWD) as $FORGE_RUN.', key.enter);
      await room.sees(/in fg-\w+ as \./);
      room.press('exit', key.enter);
      await room.seesNo('shell · Bread asks');
      await room.selects(' 1 ');
    },
    async 'pane.explain'(room) {
      await room.byName('pane.explain');
      await room.sees('known by: ');
      room.press('2');
      await room.selects(' 2 ');
    },
    async 'pane.scroll'(room) {
      await room.byName('pane.scroll');
      await room.sees('COPY');
      room.press('/', 'line 7', key.enter);
      await room.sees(/line 7\b/);
      room.press('Y');
      await room.seesNo('COPY');
    },
    async 'pane.paste'(room) {
      await room.byName('pane.paste');
      await room.sees('TYPING');
      await room.sees(/got "line 7/);
      room.press(key.leader);
      await room.seesNo('TYPING');
    },
    async 'pane.scroll.page'(room) {
      room.byKey('pane.scroll.page');
      await room.sees('COPY');
      room.press('q');
      await room.seesNo('COPY');
    },
    async 'pane.tidy'(room) {
      const sessions = await room.world.json<{ id: string; worker: string }[]>('session', 'list');
      const { id } = sessions.find(({ worker }) => worker === 'bob') ?? { id: '' };
      await room.world.forge('session', 'kill', id);
      await room.sees(/ 2 .*exited/);
      room.press(key.leader);
      await room.seesNo('TYPING');
      await room.byName('pane.tidy');
      await room.seesNo(/ 2 .*exited/);
    },
  },
};
