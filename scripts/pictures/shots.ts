import { key } from './stage.ts';

/** One thing to look at: keys that open it, and what is to be seen before it goes on. */
export interface Shot {
  name: string;
  steps: readonly (string | RegExp)[];
  /** Leads out of it; left out: `esc`. */
  back?: string;
}

/** Whatever the project holds. */
export const shotsOfAny: readonly Shot[] = [
  { name: 'panes', steps: [/WORKERS/] },
  { name: 'attention', steps: ['A', / Attention /] },
  { name: 'board', steps: ['B', / Board /] },
  { name: 'runs', steps: ['H', / Runs /] },
  { name: 'batches', steps: ['S', / Batches /] },
  { name: 'graph', steps: ['T', / Graph /] },
  { name: 'costs', steps: ['C', / Costs /] },
  { name: 'messages', steps: ['M', / Messages /] },
  { name: 'logs', steps: ['L', / Logs /] },
  { name: 'help', steps: ['?', /Moving/] },
  { name: 'palette', steps: [':', /Find an action/] },
  { name: 'new-task', steps: ['n', /New task/, 'Greet the whole team', key.tab, 'One line a person.', /One line/] },
  { name: 'tour', steps: ['u', /1\/5/] },
];

const ready = ['g', 'j', 'j', 'j', 'j', 'j'];

/** In the demo, as `full-day.ts` leaves it. */
export const shotsOfFullDay: readonly Shot[] = [
  { name: 'typing', steps: ['w', key.enter, /TYPING/], back: key.leader },
  { name: 'dispatch', steps: [...ready, 'd', /Dispatch demo-/] },
  { name: 'depend', steps: [...ready, 'b', /waits for/] },
  { name: 'batch', steps: [...ready, 'i', /in a batch/] },
  { name: 'prompt', steps: ['w', 'm', /Prompt to/, 'Say it twice.', /twice/] },
  { name: 'cancel', steps: ['w', 'x', /y yes/] },
  { name: 'run', steps: ['w', 'I', /esc back/] },
  { name: 'rewind', steps: ['w', 'R', /esc back/] },
  { name: 'radar', steps: ['o', /esc back/] },
  {
    name: 'review',
    steps: ['w', 'v', /@@/, key.tab, ']', 'j', 'c', /Comment on/, 'Say why.', /Say why/, key.save, /not sent/],
  },
  { name: 'side-by-side', steps: ['w', 'v', 's', /@@/] },
  { name: 'filter', steps: ['B', / Board /, '/', 'greet', /\d found/] },
];
