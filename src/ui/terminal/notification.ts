import type { NotificationKind } from '../../domain/notification.ts';
import { bellSequence } from './terminal-modes.ts';

/** Characters of what is told: desktops show little more. */
const textMax = 200;

type Kind = Exclude<NotificationKind, 'auto'>;

/** Which of them the terminal has, by what it says of itself. Whoever does not say so gets a bell, which tmux passes on as an alert. */
export function detectNotification(env: Record<string, string | undefined>): Kind {
  const name = `${env.TERM ?? ''} ${env.TERM_PROGRAM ?? ''}`;
  if (env.TMUX || /\b(tmux|screen)/.test(name)) return 'bell';
  if (/kitty/i.test(name)) return 'osc99';
  if (/iterm|wezterm|ghostty/i.test(name)) return 'osc9';
  return /foot|rxvt-unicode/i.test(name) ? 'osc777' : 'bell';
}

/** `text` without control characters. The bell says nothing but that there is something. */
export function notification(kind: Kind, text: string): string {
  const short = [...text].slice(0, textMax).join('');
  return {
    none: '',
    bell: bellSequence,
    // Not a number: to some terminals 9;4 is a progress bar.
    osc9: `\u001b]9;forge: ${short}\u0007`,
    osc777: `\u001b]777;notify;forge;${short.replaceAll(';', ',')}\u0007`,
    osc99: `\u001b]99;;forge: ${short}\u001b\\`,
  }[kind];
}
