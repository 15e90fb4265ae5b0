import { defaults } from '../../src/config/options.ts';
import { copyKeys } from '../../src/ui/copy/copy-keys.ts';
import { type Action, actions } from '../../src/ui/keymap/actions.ts';
import { reviewKeys } from '../../src/ui/review/review-keys.ts';
import { code, page, table } from './markdown.ts';

const groups: Record<Action['group'], string> = {
  move: 'Moving',
  views: 'Views',
  tasks: 'Tasks',
  runs: 'Runs',
  panes: 'Panes',
  forge: 'Forge',
};

/** Keys as they stand on a keyboard; the others are written as they are. */
const shown: Record<string, string> = {
  up: '↑',
  down: '↓',
  left: '←',
  right: '→',
  escape: 'esc',
  ' ': 'space',
  leader: 'the leader',
};

export function keysPage(): string {
  const sections = Object.entries(groups).flatMap(([group, title]) => {
    const rows = actions
      .filter((action) => action.group === group)
      .map((action) => [...keyRow(action), code(action.id)]);
    return [`## ${title}`, table(['key', 'does', 'action'], rows)];
  });
  return page(
    'Keys',
    'src/ui/keymap/actions.ts',
    `In the dashboard. ${code('?')} shows the same table, with the reason beside each action that cannot be done now; ${code(':')} finds an action by its name. A dialog says its own keys on its last line; ${code('esc')} leaves it.`,
    `While you type into a pane every key, paste and control character goes to the agent, except one: the leader, ${code(defaults.keys.leader)} unless [the settings](settings.md) say otherwise. [Keys and mouse](../guide/keys-and-mouse.md) tells in which form.`,
    `Keys of your own go by the id in the last column: ${code('keys: { actions: { task.new: [N, ctrl+n] } }')} in the settings. [Keys of your own](../guide/dashboard.md#keys-of-your-own) tells the rest.`,
    ...sections,
    '## Review',
    `In the review of a run, which ${code('v')} opens; generated from ${code('src/ui/review/review-keys.ts')}. Keys of the dashboard for the run (${code('a')}, ${code('t')}, ${code('R')}, ${code('o')}, ${code('p')}, ${code('m')}, ${code('I')}) mean the one that is reviewed. How it goes together: [the guide](../guide/review.md).`,
    table(
      ['key', 'does', 'action'],
      reviewKeys.map((key) => [...keyRow(key), code(`review.${key.id}`)]),
    ),
    '## Copy mode',
    `In a pane that is scrolled back with ${code('[')}, ${code('pageup')} or the wheel; generated from ${code('src/ui/copy/copy-keys.ts')}. A key that is not here does nothing. How it goes together: [the guide](../guide/copy-mode.md).`,
    table(
      ['key', 'does', 'action'],
      copyKeys.map((key) => [...keyRow(key), code(`copy.${key.id}`)]),
    ),
  );
}

function keyRow({ keys, title }: { keys: readonly string[]; title: string }): string[] {
  return [keys.map((key) => code(shown[key] ?? key)).join(' '), title];
}
