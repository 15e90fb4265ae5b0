import { Text } from 'ink';
import { useKeyWords } from '../keymap/use-keymap.ts';
import { colours } from '../theme.ts';

/** A quiet text in which the key of each `{task.new}` stands out. */
export function KeyedText({ text }: { text: string }) {
  const withKeys = useKeyWords();
  const parts = text.split(/(\{[\w.]+\})/).map((part, index) => ({ part, key: `part${index}` }));
  return (
    <Text color={colours.quiet}>
      {parts.map(({ part, key }) =>
        part.startsWith('{') ? (
          <Text key={key} bold color={colours.accent}>
            {withKeys(part)}
          </Text>
        ) : (
          part
        ),
      )}
    </Text>
  );
}
