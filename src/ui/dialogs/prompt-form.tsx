import { Box, Text, useInput } from 'ink';
import { useRef, useState } from 'react';
import { plainText } from '../../base/text.ts';
import { isMessageOpen, type Message } from '../../domain/message.ts';
import type { SessionView } from '../../domain/session.ts';
import { useModel } from '../app/use-model.ts';
import { TextArea } from '../input/text-area.tsx';
import { colours } from '../theme.ts';
import { DialogFrame } from './dialog-frame.tsx';

const textRows = 8;
/** Prompts on their way that are listed; the rest is counted. */
const listedMax = 3;

/** A prompt for the program of a session, written without leaving the list. It is typed when the program is ready. */
export function PromptForm({
  screen,
  session: opened,
}: {
  screen: { cols: number; rows: number };
  session: SessionView;
}) {
  const { model, state } = useModel();
  const session = state.view?.sessions.find(({ id }) => id === opened.id) ?? opened;
  const [problem, setProblem] = useState('');
  // Ctrl-S pressed again must not send it a second time while the first is on its way.
  const isSending = useRef(false);
  const width = Math.min(74, screen.cols - 6);
  const waiting = (state.view?.messages ?? []).filter(
    (message) => message.session === session.id && isMessageOpen(message.state),
  );

  useInput((input, key) => {
    const newest = waiting.findLast((message) => message.state === 'queued');
    if (key.ctrl && input === 'x' && newest)
      void model.ask((client) => client.call('session.unsend', { id: newest.id }));
  });

  async function send(text: string) {
    if (isSending.current) return;
    isSending.current = true;
    const sent = await model.ask((client) => client.call('session.send', { sessions: [session.id], text }));
    isSending.current = false;
    if (!sent) {
      setProblem(model.state.message?.text ?? 'It could not be sent.');
      return;
    }
    model.set({ dialog: null });
    model.say(`The prompt to ${nameOf(session)} is on its way.`, 'good');
  }

  return (
    <DialogFrame
      title={`Prompt to ${nameOf(session)}: ${session.status.state}`}
      keys={`ctrl+s send · esc back${waiting.length > 0 ? ' · ctrl+x take the newest back' : ''}`}
      screen={screen}
      cols={80}
      rows={textRows + listedMax + 7}
    >
      <TextArea
        width={width}
        height={textRows}
        placeholder="what the agent is to do next; enter begins a new line"
        onSubmit={(text) => void send(text)}
        onCancel={() => model.set({ dialog: null })}
      />
      <Waiting messages={waiting} />
      <Text color={colours.bad} wrap="truncate">
        {problem}
      </Text>
    </DialogFrame>
  );
}

/** The prompts that are not sent yet, the next one first. */
function Waiting({ messages }: { messages: readonly Message[] }) {
  const more = messages.length - listedMax;
  return (
    <Box flexDirection="column" flexShrink={0} height={listedMax + 1}>
      {messages.slice(0, listedMax).map(({ id, state, note, text }) => (
        <Text key={id} wrap="truncate" color={colours.quiet}>
          {plainText(`${state}${note === '' ? '' : ` (${note})`}: ${text}`)}
        </Text>
      ))}
      {more > 0 && <Text color={colours.quiet}>{`and ${more} more`}</Text>}
    </Box>
  );
}

function nameOf({ labels, id }: SessionView): string {
  return plainText(labels.worker ?? id);
}
