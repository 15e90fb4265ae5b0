import type { ScreenRule } from '../../domain/status.ts';

// Read off opencode 1.18.33, for before its first prompt and for where its record is missing. Its title says no state.

/** Titles of what it lays over the conversation, of which some is seen on both sides. Enter chooses something there. */
const menuTitles = [
  'Commands|Connect a provider|Existing Workspace|Export Options|Fork session|Help|MCPs|Message Actions|Move session',
  'Queued prompts|Rename Session|Select [a-z ]{5,20}|Sessions|Skills|Stash|Status|Switch org|Themes|Timeline|Warp',
  'Workspaces',
].join('|');

export const screenRules: readonly ScreenRule[] = [
  {
    name: 'permission dialog',
    state: 'waiting',
    reason: 'asks for permission',
    lines: [/△ Permission required/, /Allow once +Allow always +Reject/],
  },
  {
    name: 'question',
    state: 'waiting',
    reason: 'asks a question',
    lines: [/↑↓ select +enter (submit|confirm|toggle) +esc dismiss/],
  },
  {
    // It says that it is at rest.
    name: 'menu',
    state: 'waiting',
    reason: 'has a menu open',
    lines: [new RegExp(`(?:^|  )(?:${menuTitles}) {5,}esc(?:/enter)?(?:  |$)`)],
    isOverTitle: true,
  },
  { name: 'busy line', state: 'busy', reason: '', lines: [/\besc (again to )?interrupt\b/] },
  // With what the conversation has used: its first screen, where a prompt may be on its way, has none.
  { name: 'input line', state: 'idle', reason: '', lines: [/ \(\d+%\) .*ctrl\+p commands/] },
];
