import { Box, Text } from 'ink';
import { plainText } from '../../base/text.ts';
import { useModel } from '../app/use-model.ts';
import { actions } from '../keymap/actions.ts';
import { colours } from '../theme.ts';

const tones = { info: colours.accent, good: colours.good, bad: colours.bad } as const;

/** One line: what was just said, or the keys that mean something now. */
export function Footer({ cols, leader, isSingle }: { cols: number; leader: string; isSingle: boolean }) {
  const { model, state } = useModel();
  if (state.isTyping) {
    return (
      <Line cols={cols}>
        <Text color={colours.typing} bold>
          {' TYPING '}
        </Text>
        <Text>
          {'every key goes to the agent; '}
          <Text bold>{leader}</Text>
          {isSingle ? ' leaves, and the agent goes on' : ' comes back'}
        </Text>
      </Line>
    );
  }
  if (state.message) {
    return (
      <Line cols={cols}>
        <Text color={tones[state.message.tone]}> {plainText(state.message.text)}</Text>
      </Line>
    );
  }
  // A dialog has keys of its own, and says them.
  if (state.dialog) return <Line cols={cols}> </Line>;
  const hints = actions.filter((action) => action.hint && (action.unavailable?.(model) ?? null) === null);
  return (
    <Line cols={cols}>
      {hints.map((action) => (
        <Text key={action.id}>
          {' '}
          <Text bold color={colours.accent}>
            {action.keys[0]}
          </Text>
          <Text color={colours.quiet}> {action.hint} </Text>
        </Text>
      ))}
    </Line>
  );
}

function Line({ cols, children }: { cols: number; children: React.ReactNode }) {
  return (
    <Box width={cols} height={1} overflow="hidden">
      <Text wrap="truncate">{children}</Text>
    </Box>
  );
}
