import { age } from '../../../base/age.ts';
import { command } from '../../command.ts';
import { findSession, sessionArgument } from '../../find-session.ts';
import { messageLine } from '../../output/message.ts';
import { table } from '../../output/table.ts';

/** How much of a prompt is shown in the list, in characters. */
const textMax = 60;

export const sessionMessagesCommand = command<Record<string, unknown>, [string?]>({
  summary: 'List the prompts that were sent to sessions, and what became of each',
  example: 'forge session messages worker-1',
  details:
    'queued: waits until the program is ready; typing, typed: is being typed; accepted: the program has taken it; answered: and has come to rest since; failed: with the reason; cancelled: taken back. With --json the prompts are whole.',
  args: {
    kind: 'tuple',
    parameters: [{ ...sessionArgument, optional: true }],
  },
  async run(forge, _flags, name) {
    const session = name === undefined ? null : (await findSession(forge, name)).id;
    const messages = await forge.call('session.messages', { session });
    const now = Date.now();
    const rows = messages.map(({ id, session: to, state, createdAt, text: prompt, note }) => [
      String(id),
      to,
      state,
      age(now - createdAt),
      `${prompt.slice(0, textMax)}${prompt.length > textMax ? '…' : ''}${note === '' ? '' : `  (${note})`}`,
    ]);
    return { json: messages, text: await table(rows, 'Nothing was sent. forge session send SESSION TEXT') };
  },
});

export const sessionUnsendCommand = command<Record<string, unknown>, [number]>({
  summary: 'Take back a prompt that has not been typed yet',
  example: 'forge session unsend 12',
  args: {
    kind: 'tuple',
    parameters: [
      { placeholder: 'message', brief: 'Id of the message, as forge session messages shows it', parse: Number },
    ],
  },
  async run(forge, _flags, id) {
    const message = await forge.call('session.unsend', { id });
    return {
      json: { id: message.session, state: message.state, message: message.id },
      text: messageLine(message, message.session),
    };
  },
});
