import { key } from './stage.ts';

/** One thing to look at: the keys that open it, and what tells that it is there. */
export interface Shot {
  name: string;
  keys: readonly string[];
  seen: RegExp;
  /** Leads out of it; left out: `esc`. */
  back?: string;
}

/** Whatever the project holds. */
export const shotsOfAny: readonly Shot[] = [
  { name: 'panes', keys: [], seen: /WORKERS/ },
  { name: 'attention', keys: ['A'], seen: / Attention / },
  { name: 'board', keys: ['B'], seen: / Board / },
  { name: 'runs', keys: ['H'], seen: / Runs / },
  { name: 'batches', keys: ['S'], seen: / Batches / },
  { name: 'graph', keys: ['T'], seen: / Graph / },
  { name: 'costs', keys: ['C'], seen: / Costs / },
  { name: 'messages', keys: ['M'], seen: / Messages / },
  { name: 'logs', keys: ['L'], seen: / Logs / },
  { name: 'help', keys: ['?'], seen: /Moving/ },
  { name: 'palette', keys: [':'], seen: /Find an action/ },
  { name: 'new-task', keys: ['n', 'Greet the whole team', key.tab, 'One line a person.'], seen: /One line/ },
  { name: 'tour', keys: ['u'], seen: /1\/5/ },
];

const ready = ['g', 'j', 'j', 'j', 'j', 'j'];

/** In the demo, as `full-day.ts` leaves it. */
export const shotsOfFullDay: readonly Shot[] = [
  { name: 'typing', keys: ['w', key.enter], seen: /TYPING/, back: key.leader },
  { name: 'dispatch', keys: [...ready, 'd'], seen: /Dispatch demo-/ },
  { name: 'depend', keys: [...ready, 'b'], seen: /waits for/ },
  { name: 'batch', keys: [...ready, 'i'], seen: /in a batch/ },
  { name: 'prompt', keys: ['w', 'm', 'Say it twice.'], seen: /Say it twice/ },
  { name: 'cancel', keys: ['w', 'x'], seen: /y yes/ },
  { name: 'run', keys: ['w', 'I'], seen: /esc back/ },
  { name: 'rewind', keys: ['w', 'R'], seen: /esc back/ },
  { name: 'radar', keys: ['o'], seen: /esc back/ },
  { name: 'review', keys: ['w', 'v', key.tab, ']', 'j', 'c', 'Say why.', key.save], seen: /not sent/ },
  { name: 'side-by-side', keys: ['w', 'v', 's'], seen: /@@/ },
  { name: 'filter', keys: ['B', '/', 'greet'], seen: /found/ },
];
