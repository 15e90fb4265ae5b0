import { setTimeout as pause } from 'node:timers/promises';
import type { SessionHost } from '../ports/session-host.ts';

/** Between a paste and its Enter, in ms: an Enter in the same read is taken as a part of the paste by some programs. */
const enterAfterMs = 150;

/** Types a text as a person would: as one paste where the program understands pastes, then Enter. */
export async function typePrompt(host: SessionHost, session: string, text: string): Promise<void> {
  const attachment = await host.attach(session, null);
  try {
    // The end of a paste inside the text would end it early, and the rest would be typed as keys.
    const safe = text.replaceAll('\x1b', '').replace(/\r\n?/g, '\n');
    if (attachment.screen.modes.bracketedPaste) attachment.send(`\x1b[200~${safe}\x1b[201~`);
    else attachment.send(safe.replaceAll('\n', '\r'));
    await pause(enterAfterMs);
    attachment.send('\r');
    // The last bytes are on their way once the host has answered something that was asked after them.
    await host.status();
  } finally {
    attachment.dispose();
  }
}
