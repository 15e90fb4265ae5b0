import type { ScreenRule, TitleRule } from '../../domain/status.ts';

// Read off Codex 0.169.0. It reports its state by OSC 7501 unasked, but not before its first dialogs are answered.

export const titleRules: readonly TitleRule[] = [
  { name: 'action required', state: 'waiting', reason: 'asks for permission', pattern: /^\[ [!.] \] Action Required/ },
  { name: 'spinner', state: 'busy', reason: '', pattern: /^[⠀-⣿] / },
];

export const inputMark = /^›\s*/;

export const inputHint = /^Ask Codex to do anything$/;

export const screenRules: readonly ScreenRule[] = [
  {
    name: 'trust dialog',
    state: 'waiting',
    reason: 'asks to trust this folder',
    lines: [/Trust this folder\?/, /1\. Trust and continue/],
  },
  {
    name: 'login',
    state: 'waiting',
    reason: 'asks for a login',
    lines: [/Choose how you want to use Codex|Sign in with ChatGPT/, /Press enter to continue|1\. Sign in/],
  },
  {
    // Whatever a way to log in shows: a link, a code, an input for a key.
    name: 'login under way',
    state: 'waiting',
    reason: 'waits for its login to be finished',
    lines: [/^\s*Welcome to Codex, OpenAI's command-line coding agent/],
  },
  {
    name: 'new model dialog',
    state: 'waiting',
    reason: 'asks which model to use',
    lines: [/1\. Try new model/, /2\. Use existing model/],
  },
  {
    // Enter changes the model.
    name: 'limit dialog',
    state: 'waiting',
    reason: 'asks whether to use a smaller model, since a limit is near',
    lines: [/Approaching rate limits/, /Switch to /],
    isOverTitle: true,
  },
  {
    name: 'update dialog',
    state: 'waiting',
    reason: 'asks whether to update itself',
    lines: [/Update available/, /1\. Update now/],
  },
  {
    // The foot that its menus share: it says that it is at rest, and Enter chooses something.
    name: 'menu',
    state: 'waiting',
    reason: 'has a menu open',
    lines: [/^\s*enter select · esc back/],
    isOverTitle: true,
    isAtEnd: true,
  },
];
