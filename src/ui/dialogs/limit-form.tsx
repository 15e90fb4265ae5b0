import { Box, Text } from 'ink';
import { useState } from 'react';
import { useModel } from '../app/use-model.ts';
import { TextInput } from '../input/text-input.tsx';
import { actOn } from '../keymap/act-on.ts';
import { colours } from '../theme.ts';
import { DialogFrame } from './dialog-frame.tsx';

/** What an operation takes. */
const most = 100;

/** Dispatches all that is ready, so many of which are at work at once. */
export function LimitForm({ screen }: { screen: { cols: number; rows: number } }) {
  const { model } = useModel();
  const [problem, setProblem] = useState('');
  const ready = model.items.filter(({ phase }) => phase === 'ready').length;

  function submit(text: string) {
    const max = Number(text.trim());
    if (!Number.isInteger(max) || max < 1 || max > most) {
      setProblem(`A number from 1 to ${most}.`);
      return;
    }
    model.set({ dialog: null });
    actOn.dispatchReady(model, max);
  }

  return (
    <DialogFrame
      title={`Dispatch ${ready} that ${ready === 1 ? 'is' : 'are'} ready`}
      keys="enter dispatch · esc back"
      screen={screen}
      cols={56}
      rows={7}
    >
      <Box>
        <Text>At work at once, at most: </Text>
        <TextInput width={8} onSubmit={submit} onCancel={() => model.set({ dialog: null })} />
      </Box>
      <Text color={problem === '' ? colours.quiet : colours.bad} wrap="truncate">
        {problem || 'The others wait in the queue.'}
      </Text>
    </DialogFrame>
  );
}
